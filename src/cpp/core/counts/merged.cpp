// A tournament of the parts: who has the lowest key goes first, and is replaced by his next.
#include "counts/merged.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "base/compiler.hpp"
#include "base/error.hpp"
#include "counts/renumbered.hpp"
#include "text/alphabet.hpp"

namespace makemore {
namespace {

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

// Calls use(key, count) for the n-grams of all parts, in the order of their keys.
template <class Key, class Use>
void each_in_order(std::span<const Ngrams* const> parts, const Alphabet& alphabet, Pace& pace,
                   Use&& use) {
  using Player = typename Tournament<Key>::Player;
  struct Place {
    const Ngrams::Item* now;
    const Ngrams::Item* end;
  };
  std::vector<Renumbered> renumbered;
  std::vector<Place> places;
  for (const Ngrams* const part : parts) {
    renumbered.emplace_back(*part, alphabet);
    const std::vector<Ngrams::Item>& items = part->items();
    places.push_back({items.data(), items.data() + items.size()});
  }
  const auto player = [&](std::size_t part) -> Player {
    const Place& place = places[part];
    if (place.now == place.end) return Tournament<Key>::none();
    return {static_cast<Key>(renumbered[part](place.now->key)), part};
  };
  std::vector<Player> first;
  for (std::size_t part = 0; part < parts.size(); ++part) first.push_back(player(part));
  Tournament<Key> tournament(std::move(first));
  const std::size_t steps = parts[0]->order() + 4;
  while (tournament.winner().part != Tournament<Key>::kNone) {
    const auto [key, part] = tournament.winner();
    use(WideKey{key}, places[part].now->count);
    ++places[part].now;
    tournament.replace(player(part), part);
    pace.step(steps);
  }
}

}  // namespace

Ngrams merged(std::span<const Ngrams* const> parts, const Poll& poll) {
  const Ngrams& first = *parts[0];
  std::vector<const Alphabet*> alphabets{&first.alphabet()};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const Ngrams& part = *parts[i];
    const std::string here = "counts " + std::to_string(i);
    if (part.order() != first.order()) {
      throw Error(here + " are of order " + std::to_string(part.order()) +
                  ", and counts 0 of order " + std::to_string(first.order()));
    }
    check_alike(part.alphabet(), here + " have", first.alphabet(), "counts 0 have");
    alphabets.push_back(&part.alphabet());
  }
  if (parts.size() == 1) return first;
  Ngrams sum(united(alphabets), first.order());
  std::size_t largest = 0;
  for (const Ngrams* const part : parts) {
    if (add_overflows(sum.total_, part->total_, sum.total_))
      throw Error("a count went beyond 64 bits");
    sum.words_ += part->words_;
    largest = std::max(largest, part->items_.size());
  }
  sum.items_.reserve(largest);
  Pace pace(poll);
  const auto use = [&](WideKey key, std::int64_t count) {
    if (!sum.items_.empty() && sum.items_.back().key == key) {
      sum.items_.back().count += count;
    } else {
      sum.items_.push_back({key, count});
    }
  };
  if (sum.layout_.size() <= 64) {  // which is faster
    each_in_order<std::uint64_t>(parts, sum.alphabet_, pace, use);
  } else {
    each_in_order<WideKey>(parts, sum.alphabet_, pace, use);
  }
  return sum;
}

void NgramsSum::add(Ngrams counts, const Poll& poll) {
  parts_.push_back(std::move(counts));
  while (parts_.size() > 1) {
    const Ngrams& last = parts_.back();
    const Ngrams& before = parts_[parts_.size() - 2];
    if (before.items().size() / 2 > last.items().size()) return;
    Ngrams sum = added(before, last, poll);
    parts_.pop_back();
    parts_.back() = std::move(sum);
  }
}

Ngrams NgramsSum::take(const Poll& poll) {
  std::vector<Ngrams> parts = std::exchange(parts_, {});
  if (parts.size() == 1) return std::move(parts[0]);
  std::vector<const Ngrams*> all;
  for (const Ngrams& part : parts) all.push_back(&part);
  return merged(all, poll);
}

}  // namespace makemore
