// Writes the tables of a back-off model as an ARPA file.
#include <algorithm>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "backoff/arpa/arpa.hpp"
#include "backoff/arpa/arpa_tokens.hpp"
#include "base/decimal.hpp"

namespace makemore {
namespace arpa {
namespace {

class Writer {
 public:
  Writer(const Alphabet& alphabet, const Backoff& model,
         const std::function<void(std::string_view)>& sink, const Poll& poll)
      : model_(model), sink_(sink), poll_(poll) {
    for (std::uint32_t id = 0; id < alphabet.size(); ++id) {
      tokens_.push_back(id == 0 ? std::string(kStart) : token_of(alphabet, id));
    }
    // The contexts of each length, and the last symbol and the context of each.
    begin_ = {0, 0, static_cast<std::uint32_t>(model.symbols)};
    last_.resize(model.states());
    before_.resize(model.states(), Backoff::kNone);
    for (std::uint32_t symbol = 0; symbol < model.symbols; ++symbol) last_[symbol] = symbol;
    for (unsigned length = 2; length < model.order; ++length) {
      for (std::uint32_t context = begin_[length - 1]; context < begin_[length]; ++context) {
        if (context % (1 << 16) == 0 && poll_) poll_();
        for (std::uint32_t at = model.follow[context]; at < model.follow[context + 1]; ++at) {
          last_[model.followers[at].next] = model.symbol[at];
          before_[model.followers[at].next] = context;
        }
      }
      begin_.push_back(begin_[length] + size(length));
    }
  }

  void write() {
    text_ = "\\data\\\nngram 1=" + std::to_string(model_.symbols + 1) + "\n";
    for (unsigned length = 2; length <= model_.order; ++length) {
      text_ += "ngram " + std::to_string(length) + "=" + std::to_string(size(length)) + "\n";
    }
    text_ += "\n\\1-grams:\n";
    const auto single = [&](double log, std::string_view token, double log_weight) {
      line(log, token, model_.order == 1 ? std::nullopt : std::optional(log_weight));
    };
    single(-kInfinity, kStart, model_.log_weight[0]);
    single(model_.log_shortest[0], kEnd, 0);
    for (std::uint32_t symbol = 1; symbol < model_.symbols; ++symbol) {
      single(model_.log_shortest[symbol], tokens_[symbol], model_.log_weight[symbol]);
    }
    for (unsigned length = 2; length <= model_.order; ++length) {
      text_ += "\n\\" + std::to_string(length) + "-grams:\n";
      for (std::uint32_t state = begin_[length - 1]; state < begin_[length]; ++state) {
        write_followers(state, length == model_.order);
      }
    }
    text_ += "\n\\end\\\n";
    sink_(text_);
  }

 private:
  // How many n-grams there are of a length from 2.
  std::uint32_t size(unsigned length) const {
    return model_.follow[begin_[length]] - model_.follow[begin_[length - 1]];
  }

  void write_followers(std::uint32_t state, bool longest) {
    std::string context;
    for (std::uint32_t at = state; at != Backoff::kNone; at = before_[at]) {
      const std::string_view token = last_[at] == 0 ? kStart : std::string_view(tokens_[last_[at]]);
      context.insert(0, std::string(token) + " ");
    }
    for (std::uint32_t at = model_.follow[state]; at < model_.follow[state + 1]; ++at) {
      const Backoff::Follower& follower = model_.followers[at];
      const std::uint32_t symbol = model_.symbol[at];
      const std::string token = symbol == 0 ? std::string(kEnd) : tokens_[symbol];
      line(follower.log, context + token,
           longest ? std::nullopt : std::optional(model_.log_weight[follower.next]));
    }
  }

  void line(double log, std::string_view tokens, std::optional<double> log_weight) {
    number(std::min(log, 0.0));
    text_ += '\t';
    text_ += tokens;
    if (log_weight) {
      text_ += '\t';
      number(*log_weight);
    }
    text_ += '\n';
    if (text_.size() >= std::size_t{1} << 20) {
      sink_(text_);
      text_.clear();
      if (poll_) poll_();
    }
  }

  // 12 digits: what was read from them is written as them again.
  void number(double log) {
    text_ += format_double(std::max(log / std::numbers::ln10, kLogZero) + 0.0, 12);
  }

  const Backoff& model_;
  const std::function<void(std::string_view)>& sink_;
  const Poll& poll_;
  std::vector<std::string> tokens_;           // by symbol
  std::vector<std::uint32_t> begin_;          // by length: its first context
  std::vector<std::uint32_t> last_, before_;  // of contexts: the last symbol, and what is before
  std::string text_;
};

}  // namespace
}  // namespace arpa

void write_arpa(const Alphabet& alphabet, const Backoff& backoff,
                const std::function<void(std::string_view)>& sink, const Poll& poll) {
  arpa::Writer(alphabet, backoff, sink, poll).write();
}

}  // namespace makemore
