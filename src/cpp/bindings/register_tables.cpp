// The tables of a NgramModel as arrays, for files and pickles; and a model of such arrays again.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "backoff/ngram_model.hpp"
#include "backoff/restored_backoff.hpp"
#include "base/error.hpp"
#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "counts/ngrams.hpp"
#include "counts/restored_counts.hpp"

namespace makemore {
namespace {

// One field of all followers.
template <class T>
py::array_t<T> column(const Backoff& tables, T Backoff::Follower::* field) {
  Buffer<T> values(tables.followers.size());
  {
    const WithoutGil unlocked;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = tables.followers[i].*field;
  }
  return to_array(std::move(values));
}

py::dict tables_of(const NgramModel& model) {
  const Backoff& tables = model.backoff();
  py::dict arrays;
  keep_characters(arrays, model.alphabet());
  arrays["shortest"] = to_array(std::vector(tables.shortest));
  arrays["log_shortest"] = to_array(std::vector(tables.log_shortest));
  arrays["parent"] = to_array(std::vector(tables.parent));
  arrays["weight"] = to_array(std::vector(tables.weight));
  arrays["log_weight"] = to_array(std::vector(tables.log_weight));
  arrays["follow"] = to_array(std::vector(tables.follow));
  arrays["symbol"] = to_array(std::vector(tables.symbol));
  arrays["next"] = column(tables, &Backoff::Follower::next);
  arrays["log"] = column(tables, &Backoff::Follower::log);
  arrays["own"] = column(tables, &Backoff::Follower::own);
  return arrays;
}

// Copies an array that others may change meanwhile into one field of all followers.
template <class T>
void set_column(std::vector<Backoff::Follower>& followers, T Backoff::Follower::* field,
                const py::object& value, const std::string& name) {
  const py::array_t<T> array = checked_array<T>(value, 1, name);
  const auto size = static_cast<std::size_t>(array.size());
  if (size != followers.size()) {
    throw Error(name + ": expected " + std::to_string(followers.size()) + " numbers, got " +
                std::to_string(size));
  }
  const auto* from = reinterpret_cast<const std::byte*>(array.data());  // aligned or not
  for (Backoff::Follower& follower : followers) {
    std::memcpy(&(follower.*field), from, sizeof(T));
    from += sizeof(T);
  }
}

NgramModel restored_model(unsigned order, bool by_levels, const py::dict& arrays) {
  const auto given = [&](const char* name) -> py::object {
    if (!arrays.contains(name)) throw Error(std::string("the array ") + name + " is missing");
    return arrays[name];
  };
  const auto array = [&]<class T>(const char* name, T) { return copied<T>(given(name), 1, name); };
  Alphabet alphabet = kept_alphabet(given("alphabet"));
  (void)key_layout(order, alphabet.size());  // an order that there can be
  Backoff tables{.order = order,
                 .symbols = alphabet.size(),
                 .parent = array("parent", std::uint32_t{}),
                 .weight = array("weight", double{}),
                 .log_weight = array("log_weight", double{}),
                 .follow = array("follow", std::uint32_t{}),
                 .symbol = array("symbol", std::uint32_t{}),
                 .followers = {},
                 .masks = {},
                 .shortest = array("shortest", double{}),
                 .log_shortest = array("log_shortest", double{}),
                 .by_levels = by_levels};
  tables.followers.resize(tables.symbol.size());
  set_column(tables.followers, &Backoff::Follower::next, given("next"), "next");
  set_column(tables.followers, &Backoff::Follower::log, given("log"), "log");
  set_column(tables.followers, &Backoff::Follower::own, given("own"), "own");
  const WithoutGil unlocked;
  complete_restored(tables, signal_poll());
  return {std::move(alphabet), std::move(tables)};
}

}  // namespace

void register_tables(py::module_& module) {
  module.def("tables_of", &tables_of, py::arg("model"));
  module.def("restored_ngrams", &restored_model, py::arg("order"), py::arg("by_levels"),
             py::arg("arrays"));
}

}  // namespace makemore
