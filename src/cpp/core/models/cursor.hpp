// A place in a word from which a model goes on symbol by symbol: for decoders, and for models
// that are made of others.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace makemore {

// Starts before the first symbol of a word. The model must outlive it.
class Cursor {
 public:
  virtual ~Cursor() = default;
  Cursor& operator=(const Cursor&) = delete;

  virtual std::unique_ptr<Cursor> clone() const = 0;

  // Moves behind a symbol (an id as inner_id gives it), or by id 0 behind the end of the word to
  // the start of the next one. Returns the log-probability (nats), as score_symbols has it.
  virtual double step(std::uint32_t id) = 0;

  // The probability of each symbol of the alphabet, as LanguageModel::next has them.
  virtual void probabilities(std::span<double> out) const = 0;

  // Appends numbers that tell all that what comes next depends on: two cursors of one model with
  // the same numbers go on alike.
  virtual void append_key(std::vector<std::uint32_t>& key) const = 0;

 protected:
  Cursor() = default;
  Cursor(const Cursor&) = default;
};

// A cursor that clones itself by its copy constructor.
template <class Self>
class CursorOf : public Cursor {
 public:
  std::unique_ptr<Cursor> clone() const final {
    return std::make_unique<Self>(static_cast<const Self&>(*this));
  }
};

}  // namespace makemore
