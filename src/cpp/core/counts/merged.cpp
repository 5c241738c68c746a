// Goes through all parts at once, in the order of their keys.
#include "counts/merged.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/compiler.hpp"
#include "base/error.hpp"
#include "counts/renumbered.hpp"
#include "counts/tournament.hpp"
#include "text/alphabet.hpp"

namespace makemore {
namespace {

// The n-grams of one part, with the ids of the sum.
template <class Key>
class Part {
 public:
  Part(const Ngrams& counts, const Alphabet& alphabet)
      : renumbered_(counts, alphabet),
        now_(counts.items().data()),
        end_(now_ + counts.items().size()) {}

  bool at_end() const { return now_ == end_; }
  Key key() const { return static_cast<Key>(renumbered_(now_->key)); }
  std::int64_t count() const { return now_->count; }
  void drop() { ++now_; }

 private:
  Renumbered renumbered_;
  const Ngrams::Item* now_;
  const Ngrams::Item* end_;
};

// Calls use(key, count) for the n-grams of all parts, in the order of their keys.
template <class Key, class Use>
void each_of(std::span<const Ngrams* const> parts, const Alphabet& alphabet, Pace& pace,
             Use&& use) {
  std::vector<Part<Key>> sources;
  for (const Ngrams* const part : parts) sources.emplace_back(*part, alphabet);
  const std::size_t steps = parts[0]->order() + 4;
  each_in_order<Key>(std::span(sources), steps, pace,
                     [&](Key key, std::int64_t count) { use(WideKey{key}, count); });
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
  std::size_t all = 0;
  for (const Ngrams* const part : parts) {
    if (add_overflows(sum.total_, part->total_, sum.total_))
      throw Error("a count went beyond 64 bits");
    sum.words_ += part->words_;
    largest = std::max(largest, part->items_.size());
    all += part->items_.size();
  }
  sum.items_.reserve(std::min(all, 2 * largest));  // what is not needed stays untouched
  Pace pace(poll);
  const auto use = [&](WideKey key, std::int64_t count) {
    if (!sum.items_.empty() && sum.items_.back().key == key) {
      sum.items_.back().count += count;
    } else {
      sum.items_.push_back({key, count});
    }
  };
  if (sum.layout_.is_narrow()) {  // which is faster
    each_of<std::uint64_t>(parts, sum.alphabet_, pace, use);
  } else {
    each_of<WideKey>(parts, sum.alphabet_, pace, use);
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

std::size_t NgramsSum::size() const {
  std::size_t size = 0;
  for (const Ngrams& part : parts_) size += part.items().size();
  return size;
}

Ngrams NgramsSum::take(const Poll& poll) {
  std::vector<Ngrams> parts = std::exchange(parts_, {});
  if (parts.size() == 1) return std::move(parts[0]);
  std::vector<const Ngrams*> all;
  for (const Ngrams& part : parts) all.push_back(&part);
  return merged(all, poll);
}

}  // namespace makemore
