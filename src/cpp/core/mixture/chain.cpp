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

// The letters of the kinds of features, in the order of Feature::Kind.
constexpr std::string_view kLetters = "hfpcvqy";

Feature read_feature(std::string_view chain, std::string_view text) {
  const std::string name = quoted(text);
  const auto unknown = [&] {
    fail(chain, "expected features such as h1, f0 and p15, got " + name);
  };
  const std::size_t letter = kLetters.find(text[0]);
  if (letter == std::string_view::npos) unknown();
  Feature feature{static_cast<Feature::Kind>(letter), 0};
  std::string_view digits = text.substr(1);
  if (feature.kind == Feature::Kind::kind) {
    if (!digits.ends_with("/2")) fail(chain, "expected a number and /2 behind c, got " + name);
    digits.remove_suffix(2);
  }
  const char* const end = digits.data() + digits.size();
  const auto number = std::from_chars(digits.data(), end, feature.index);
  const bool whole = !digits.empty() && number.ptr == end;
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
    text += kLetters[static_cast<std::size_t>(feature.kind)];
    text += std::to_string(feature.index);
    if (feature.kind == Feature::Kind::kind) text += "/2";
  }
  return text;
}

}  // namespace makemore
