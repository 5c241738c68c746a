// The adapter for lists, tuples and iterators of str, or of lists of tokens.
#include "bindings/pack_str.hpp"
#include "bindings/words.hpp"

namespace makemore {
namespace {

template <class Unit>
std::uint8_t* transcode(const Unit* units, std::size_t size, std::uint8_t* out,
                        std::int64_t index) {
  for (std::size_t i = 0; i < size; ++i) out = encode_checked(units[i], out, index, i);
  return out;
}

// A list is looked at anew for each word. A generator is never held whole.
class PythonWords final : public WordSource {
 public:
  PythonWords(py::handle words, const WordOptions& options)
      : WordSource(options),
        listed_(options.listed()),
        words_(py::reinterpret_borrow<py::object>(words)) {
    PyObject* const p = words.ptr();
    if (!PyList_CheckExact(p) && !PyTuple_CheckExact(p)) {
      iterator_ = py::reinterpret_steal<py::object>(PyObject_GetIter(p));
      if (!iterator_) {
        if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
        PyErr_Clear();
        throw py::type_error(std::string("expected an iterable of words, got ") +
                             Py_TYPE(p)->tp_name + ", which is not iterable");
      }
    }
  }

 private:
  void fill(std::size_t block) override { iterator_ ? fill_next(block) : fill_items(block); }

  void fill_items(std::size_t block) {
    PyObject* const p = words_.ptr();
    while (packer_.size() < block && index_ < PySequence_Fast_GET_SIZE(p)) {
      if (index_ % kCheckAfter == 0) check_signals();
      if (index_ >= PySequence_Fast_GET_SIZE(p)) break;  // a signal's handler may have cut it
      pack(PySequence_Fast_GET_ITEM(p, static_cast<py::ssize_t>(index_)));
      ++index_;
    }
  }

  void fill_next(std::size_t block) {
    while (packer_.size() < block) {
      if (index_ % kCheckAfter == 0) check_signals();
      const auto word = py::reinterpret_steal<py::object>(PyIter_Next(iterator_.ptr()));
      if (!word) {
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        break;
      }
      pack(word.ptr());
      ++index_;
    }
  }

  void pack(PyObject* word) {
    if (listed_) {
      pack_tokens(word);
    } else {
      pack_str(packer_, word, index_);
    }
  }

  // A word that is a sequence of tokens, of which none is empty.
  void pack_tokens(PyObject* word) {
    if (PyUnicode_Check(word) || PyBytes_Check(word) || PySequence_Check(word) == 0) {
      throw py::type_error("word " + std::to_string(index_) +
                           ": expected a list of tokens (str), got " + Py_TYPE(word)->tp_name);
    }
    // A copy, which nothing that runs meanwhile can change.
    const auto tokens = py::reinterpret_steal<py::object>(PySequence_Tuple(word));
    if (!tokens) throw py::error_already_set();
    const py::ssize_t size = PyTuple_GET_SIZE(tokens.ptr());
    for (py::ssize_t i = 0; i < size; ++i) {
      PyObject* const token = PyTuple_GET_ITEM(tokens.ptr(), i);
      if (!PyUnicode_Check(token)) {
        throw py::type_error("word " + std::to_string(index_) + ", token " + std::to_string(i) +
                             ": expected str, got " + Py_TYPE(token)->tp_name);
      }
      if (PyUnicode_GET_LENGTH(token) == 0) {
        fail_word(index_, "token " + std::to_string(i) + " is an empty str");
      }
      pack_str(packer_, token, index_);
      packer_.end_token();
    }
    packer_.end_word(packer_.room(0));
  }

  const bool listed_;
  py::object words_;
  py::object iterator_;  // null for a list or a tuple
};

}  // namespace

void pack_any(Packer& packer, PyObject* word, std::int64_t index) {
  if (!PyUnicode_Check(word)) {
    throw py::type_error("word " + std::to_string(index) + ": expected str, got " +
                         Py_TYPE(word)->tp_name);
  }
  const auto size = static_cast<std::size_t>(PyUnicode_GET_LENGTH(word));
  std::uint8_t* out = packer.room(4 * size);
  switch (PyUnicode_KIND(word)) {
    case PyUnicode_1BYTE_KIND: out = transcode(PyUnicode_1BYTE_DATA(word), size, out, index); break;
    case PyUnicode_2BYTE_KIND: out = transcode(PyUnicode_2BYTE_DATA(word), size, out, index); break;
    default: out = transcode(PyUnicode_4BYTE_DATA(word), size, out, index);
  }
  if (!PyUnicode_IS_ASCII(word)) packer.not_ascii();
  packer.end_word(out);
}

std::unique_ptr<WordSource> open_python_words(py::handle words, const WordOptions& options) {
  WordOptions without_nulls = options;
  without_nulls.nulls = Nulls::never;
  return std::make_unique<PythonWords>(words, without_nulls);
}

}  // namespace makemore
