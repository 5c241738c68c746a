// Parses the chain language.
#include "mixture/chain.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

[[noreturn]] void fail(std::string_view chain, const std::string& problem) {
  throw Error("chain " + quoted(chain) + ": " + problem);
}

Feature read_feature(std::string_view chain, std::string_view text) {
  const std::string name = quoted(text);
  const auto unknown = [&] {
    fail(chain, "expected features such as h1, f0 and p15, got " + name);
  };
  Feature feature{};
  switch (text[0]) {
    case 'h': feature.kind = Feature::Kind::recent; break;
    case 'f': feature.kind = Feature::Kind::leading; break;
    case 'p': feature.kind = Feature::Kind::position; break;
    default: unknown();
  }
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data() + 1, end, feature.index);
  const bool whole = text.size() > 1 && number.ptr == end;
  if (!whole || number.ec == std::errc::invalid_argument) unknown();
  const std::uint32_t least = feature.kind == Feature::Kind::leading ? 0 : 1;
  if (number.ec != std::errc() || feature.index < least || feature.index > Chain::kMostIndex) {
    fail(chain, "the number in " + name + " must be from " + std::to_string(least) + " to " +
                    std::to_string(Chain::kMostIndex));
  }
  return feature;
}

}  // namespace

Chain::Chain(std::string_view text) {
  constexpr std::string_view space = " \t\n\r\f\v";
  for (std::size_t at = text.find_first_not_of(space); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(space, at), text.size());
    const Feature feature = read_feature(text, text.substr(at, end - at));
    if (std::find(features_.begin(), features_.end(), feature) != features_.end()) {
      fail(text, "has " + quoted(text.substr(at, end - at)) + " twice");
    }
    features_.push_back(feature);
    at = text.find_first_not_of(space, end);
  }
  if (features_.empty()) fail(text, "needs at least one feature");
  if (features_.size() > kMostFeatures) {
    fail(text, "has more than " + std::to_string(kMostFeatures) + " features");
  }
}

std::string Chain::text() const {
  std::string text;
  for (const Feature& feature : features_) {
    if (!text.empty()) text += ' ';
    text += "hfp"[static_cast<int>(feature.kind)] + std::to_string(feature.index);
  }
  return text;
}

}  // namespace makemore
