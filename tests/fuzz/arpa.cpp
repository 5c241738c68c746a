// An ARPA file is a model or an error; a model that is written and read again is the same, and
// whatever was read scores words and draws new ones.
#include <cmath>
#include <string>

#include "backoff/arpa/arpa.hpp"
#include "backoff/ngram_model.hpp"
#include "fuzz.hpp"
#include "use_model.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

std::string written(const ArpaModel& model) {
  std::string text;
  write_arpa(model.alphabet, model.backoff, [&](std::string_view part) { text += part; }, {});
  return text;
}

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto model = unless_error([&] { return read_arpa({data, size}, U'.', {}, {}); });
  if (!model) return 0;
  const std::string once = written(*model);
  const auto again = unless_error([&] { return read_arpa(bytes_of(once), U'.', {}, {}); });
  PROMISE(again.has_value());
  PROMISE(written(*again) == once);
  use_model(NgramModel(std::move(model->alphabet), std::move(model->backoff)), size);
  return 0;
}
