// Between Python's str, tuples and lists and the core's tokens.
#include "bindings/tokens.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "counts/restored_counts.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

using Cut = TokenRules::Cut;

py::str str_of(std::string_view utf8) {
  PyObject* const text =
      PyUnicode_DecodeUTF8(utf8.data(), static_cast<py::ssize_t>(utf8.size()), nullptr);
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(text);
}

Cut cut_of(const std::string& name) {
  if (name == "listed") return Cut::listed;
  if (name == "separated") return Cut::separated;
  if (name == "longest") return Cut::longest;
  if (name == "graphemes") return Cut::graphemes;
  throw Error("words are cut as listed, separated, longest or graphemes, got " + quoted(name));
}

const char* name_of(Cut cut) {
  switch (cut) {
    case Cut::listed: return "listed";
    case Cut::separated: return "separated";
    case Cut::longest: return "longest";
    case Cut::graphemes: break;
  }
  return "graphemes";
}

TokenRules make_rules(const std::string& cut, const py::str& boundary, const py::str& separator,
                      const std::vector<py::str>& pieces) {
  TokenRules rules{
      cut_of(cut), utf8_of(boundary, "the boundary"), utf8_of(separator, "the separator"), {}};
  for (const py::str& piece : pieces) rules.pieces.push_back(utf8_of(piece, "a piece of symbols="));
  std::sort(rules.pieces.begin(), rules.pieces.end());
  rules.pieces.erase(std::unique(rules.pieces.begin(), rules.pieces.end()), rules.pieces.end());
  check_rules(rules);
  return rules;
}

Alphabet of_tokens(const TokenRules& rules, const py::sequence& tokens, bool unknown) {
  std::vector<std::string> all;
  all.reserve(py::len(tokens));
  for (const auto& token : tokens) {
    if (!PyUnicode_Check(token.ptr())) {
      throw py::type_error("a token must be a str, got " + type_name(token));
    }
    all.push_back(utf8_of(py::reinterpret_borrow<py::str>(token), "a token"));
    if (all.back().empty()) throw Error("a token is an empty str");
  }
  const WithoutGil unlocked;
  return Alphabet(std::make_shared<const Vocabulary>(rules, views_of(all), signal_poll()), unknown);
}

// The UTF-8 of an alphabet's tokens, one behind the other, and where each ends.
py::tuple token_data(const Alphabet& alphabet) {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int64_t> ends;
  if (const auto& vocabulary = alphabet.vocabulary()) {
    const TokenTable& table = vocabulary->table();
    for (std::size_t number = Vocabulary::kFirst; number < table.size(); ++number) {
      bytes.insert(bytes.end(), table[number].begin(), table[number].end());
      ends.push_back(static_cast<std::int64_t>(bytes.size()));
    }
  }
  return py::make_tuple(to_array(std::move(bytes)), to_array(std::move(ends)));
}

// The alphabet that token_data() was of; it may have come from anywhere.
Alphabet of_token_data(const TokenRules& rules, const py::object& data, const py::object& ends,
                       bool unknown) {
  const std::vector<std::uint8_t> bytes = copied<std::uint8_t>(data, 1, "the tokens");
  const std::vector<std::int64_t> stops = copied<std::int64_t>(ends, 1, "the ends of tokens");
  const WithoutGil unlocked;
  std::vector<std::string> tokens;
  std::int64_t begin = 0;
  for (const std::int64_t end : stops) {
    if (end <= begin || end > std::ssize(bytes)) {
      throw Error("the ends of tokens must go up to the end of their bytes");
    }
    tokens.emplace_back(bytes.begin() + begin, bytes.begin() + end);
    begin = end;
  }
  if (begin != std::ssize(bytes)) {
    throw Error("the ends of tokens must go up to the end of their bytes");
  }
  return Alphabet(kept_vocabulary(rules, std::move(tokens), signal_poll()), unknown);
}

std::optional<std::string> utf8_if_valid(const py::str& text) {
  py::ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    return std::nullopt;
  }
  return std::string{bytes, static_cast<std::size_t>(size)};
}

}  // namespace

std::string utf8_of(const py::str& text, const char* name) {
  if (std::optional<std::string> bytes = utf8_if_valid(text)) return *std::move(bytes);
  throw Error(std::string(name) + " holds a lone surrogate");
}

Graphemes graphemes_for(const TokenRules& rules) {
  if (rules.cut != Cut::graphemes) return {};
  const py::object clusters = py::module_::import("makemore_fast.graphemes").attr("clusters")();
  // Copied by threads that have no GIL.
  const std::shared_ptr<py::object> shared(new py::object(clusters), [](py::object* held) {
    const WithGil gil;
    delete held;
  });
  return [shared](std::string_view word, std::vector<std::size_t>& sizes) {
    const WithGil gil;
    for (const py::handle cluster : py::list((*shared)(str_of(word)))) {
      sizes.push_back(utf8_of(py::reinterpret_borrow<py::str>(cluster)).size());
    }
  };
}

std::optional<TokenCutter> cutter_of(const Alphabet& alphabet) {
  if (!alphabet.vocabulary()) return std::nullopt;
  return TokenCutter(alphabet.vocabulary(), TokenCutter::Outside::unknown, false,
                     graphemes_for(alphabet.vocabulary()->rules()));
}

std::optional<TokenCutter> SymbolsWanted::cutter() const {
  if (!rules) return std::nullopt;
  if (!alphabet) return TokenCutter(*rules, graphemes_for(*rules));
  return TokenCutter(alphabet->vocabulary(),
                     unknown ? TokenCutter::Outside::unknown : TokenCutter::Outside::fails, true,
                     graphemes_for(*rules));
}

SymbolsWanted symbols_wanted(const py::object& boundary, const py::object& alphabet, bool unknown) {
  SymbolsWanted wanted{.boundary = U'.', .unknown = unknown};
  if (py::isinstance<Alphabet>(alphabet)) wanted.alphabet = alphabet.cast<const Alphabet&>();
  if (py::isinstance<TokenRules>(boundary)) {
    wanted.rules = boundary.cast<TokenRules>();
    wanted.boundary = Vocabulary::kBoundarySymbol;
    if (py::isinstance<py::str>(alphabet)) {
      throw py::type_error("the alphabet of tokens cannot be a str");
    }
    if (wanted.alphabet) {
      check_alike(Alphabet(std::make_shared<const Vocabulary>(*wanted.rules,
                                                              std::span<const std::string_view>()),
                           false),
                  "the words have", *wanted.alphabet, "the alphabet has");
    }
  } else {
    const auto symbol = boundary.cast<py::str>();
    wanted.boundary = make_alphabet(symbol, py::str()).boundary();
    if (py::isinstance<py::str>(alphabet)) {
      wanted.alphabet = make_alphabet(symbol, alphabet.cast<py::str>());
    }
    if (wanted.alphabet) {
      check_alike(Alphabet(wanted.boundary), "the words have", *wanted.alphabet,
                  "the alphabet has");
    }
    if (unknown) (void)with_unknown(Alphabet(wanted.boundary));
  }
  wanted.unknown = unknown || (wanted.alphabet && wanted.alphabet->unknown() != kUnknown);
  return wanted;
}

Alphabet kept_alphabet(const py::object& kept) {
  if (py::isinstance<Alphabet>(kept)) return kept.cast<const Alphabet&>();
  const std::vector<std::uint32_t> numbers = copied<std::uint32_t>(kept, 1, "the alphabet");
  return ordered_alphabet(std::vector<char32_t>(numbers.begin(), numbers.end()));
}

void keep_characters(py::dict& arrays, const Alphabet& alphabet) {
  if (alphabet.vocabulary()) return;
  const std::span<const char32_t> symbols = alphabet.symbols();
  arrays["alphabet"] = to_array(std::vector<std::uint32_t>(symbols.begin(), symbols.end()));
}

py::object symbols_of(const Alphabet& alphabet) {
  if (!alphabet.vocabulary()) return to_str(alphabet.symbols());
  py::tuple symbols(alphabet.size());
  for (std::uint32_t id = 0; id < alphabet.size(); ++id) {
    symbols[id] = str_of(alphabet.spelled(id));
  }
  return symbols;
}

std::uint32_t id_of(const Alphabet& alphabet, const py::str& symbol) {
  if (!alphabet.vocabulary()) {
    const std::vector<char32_t> symbols = code_points(symbol);
    return symbols.size() == 1 ? alphabet.id(symbols[0]) : kUnknown;
  }
  const std::optional<std::string> token = utf8_if_valid(symbol);
  if (!token) return kUnknown;
  const std::uint32_t number = alphabet.vocabulary()->table().find(*token);
  return number == TokenTable::kNone ? kUnknown : alphabet.id(Vocabulary::symbol_of(number));
}

py::object word_object(const Alphabet& alphabet, std::span<const std::uint32_t> ids) {
  return word_object(alphabet, spelled(alphabet, ids));
}

py::object word_object(const Alphabet& alphabet, const std::string& word) {
  if (!alphabet.vocabulary() || alphabet.vocabulary()->rules().cut != Cut::listed) {
    return str_of(word);
  }
  py::list tokens;
  for (const std::string& token : symbols_in(alphabet, word)) tokens.append(str_of(token));
  return tokens;
}

std::vector<std::string> symbols_in(const Alphabet& alphabet, const std::string& word) {
  std::vector<std::string> symbols;
  if (std::optional<TokenCutter> cutter = cutter_of(alphabet)) {
    for (const std::string_view token : cutter->tokens_of(word)) symbols.emplace_back(token);
    return symbols;
  }
  const auto* p = reinterpret_cast<const std::uint8_t*>(word.data());
  for (const std::uint8_t* const end = p + word.size(); p < end;) {
    symbols.push_back(to_utf8(decode_valid(p)));
  }
  return symbols;
}

void register_tokens(py::module_& module) {
  py::class_<TokenRules>(module, "TokenRules")
      .def(py::init(&make_rules), py::arg("cut"), py::arg("boundary"), py::arg("separator") = "",
           py::arg("pieces") = std::vector<py::str>())
      .def_property_readonly("cut", [](const TokenRules& self) { return name_of(self.cut); })
      .def_property_readonly("boundary",
                             [](const TokenRules& self) { return str_of(self.boundary); })
      .def_property_readonly("separator",
                             [](const TokenRules& self) { return str_of(self.separator); })
      .def_property_readonly("pieces",
                             [](const TokenRules& self) {
                               py::list pieces;
                               for (const std::string& piece : self.pieces) {
                                 pieces.append(str_of(piece));
                               }
                               return pieces;
                             })
      .def("__eq__", [](const TokenRules& self, const py::object& other) {
        return py::isinstance<TokenRules>(other) && self == other.cast<const TokenRules&>();
      });

  py::class_<Alphabet>(module, "Alphabet")
      .def_static("of_tokens", &of_tokens, py::arg("rules"), py::arg("tokens"), py::arg("unknown"))
      .def_static("of_token_data", &of_token_data, py::arg("rules"), py::arg("data"),
                  py::arg("ends"), py::arg("unknown"))
      .def("token_data", &token_data)
      .def("__len__", &Alphabet::size)
      .def_property_readonly("symbols", &symbols_of)
      .def_property_readonly("unknown",
                             [](const Alphabet& self) { return self.unknown() != kUnknown; })
      .def_property_readonly("rules", [](const Alphabet& self) -> std::optional<TokenRules> {
        if (!self.vocabulary()) return std::nullopt;
        return self.vocabulary()->rules();
      });
}

}  // namespace makemore
