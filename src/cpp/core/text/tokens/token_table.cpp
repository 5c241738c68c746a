// Adds tokens that are new.
#include "text/tokens/token_table.hpp"

#include "base/error.hpp"

namespace makemore {

std::uint32_t TokenTable::add_new(std::string_view token, const Wanted& wanted, std::size_t place,
                                  const Poll& poll) {
  if (token.size() > 0xFFFFFFFF || size() >= kNone - 1) throw Error("a token is too long");
  const auto number = static_cast<std::uint32_t>(size());
  ends_.reserve(ends_.size() + 1);
  bytes_.insert(bytes_.end(), token.begin(), token.end());
  ends_.push_back(bytes_.size());
  slots_[place] = {wanted.key, number + 1, static_cast<std::uint32_t>(token.size())};
  slots_.taken(poll);
  return number;
}

}  // namespace makemore
