// N-grams of many sorted sources, in the order of their keys: a tournament, in which who has the
// lowest key goes first, and is replaced by his next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

// A tree of losers (D. Knuth, "The Art of Computer Programming" 3, 5.4.1): each inner node holds
// who lost there, so a new key plays only on its way up.
template <class Key>
class Tournament {
 public:
  struct Player {
    Key key;
    std::size_t part;  // those that are at their end have the number of no part

    bool beats(const Player& other) const {
      return key < other.key || (key == other.key && part < other.part);
    }
  };
  static constexpr std::size_t kNone = SIZE_MAX;

  // The first keys of all parts, at least one.
  explicit Tournament(std::vector<Player> first) : nodes_(first.size()) {
    winner_ = first.size() == 1 ? first[0] : play(1, first);
  }

  const Player& winner() const { return winner_; }

  // Replaces the winner by the next key of his part, or by none.
  void replace(Player next, std::size_t part) {
    for (std::size_t node = (nodes_.size() + part) / 2; node > 0; node /= 2) {
      if (nodes_[node].beats(next)) std::swap(nodes_[node], next);
    }
    winner_ = next;
  }

  static Player none() { return {static_cast<Key>(~Key{0}), kNone}; }

 private:
  // Who wins below a node; the leaves are the places behind the nodes.
  Player play(std::size_t node, const std::vector<Player>& first) {
    if (node >= nodes_.size()) return first[node - nodes_.size()];
    Player one = play(2 * node, first);
    Player other = play(2 * node + 1, first);
    if (other.beats(one)) std::swap(one, other);
    nodes_[node] = other;
    return one;
  }

  std::vector<Player> nodes_;  // from 1
  Player winner_;
};

// Calls use(key, count) for the n-grams of all sources, at least one. A source says whether it is
// at_end(), otherwise the key() and count() of its first n-gram, and goes on with drop().
template <class Key, class Source, class Use>
void each_in_order(std::span<Source> sources, std::size_t steps, Pace& pace, Use&& use) {
  using Player = typename Tournament<Key>::Player;
  const auto player = [&](std::size_t part) -> Player {
    if (sources[part].at_end()) return Tournament<Key>::none();
    return {sources[part].key(), part};
  };
  std::vector<Player> first;
  for (std::size_t part = 0; part < sources.size(); ++part) first.push_back(player(part));
  Tournament<Key> tournament(std::move(first));
  while (tournament.winner().part != Tournament<Key>::kNone) {
    const auto [key, part] = tournament.winner();
    use(key, sources[part].count());
    sources[part].drop();
    tournament.replace(player(part), part);
    pace.step(steps);
  }
}

}  // namespace makemore
