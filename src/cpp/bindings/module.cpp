// The extension module `makemore_fast._core`: its parts, and the one error mapping.
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/file_at.hpp"
#include "bindings/register.hpp"
#include "bindings/word_source.hpp"
#include "text/read_text.hpp"

// Made by PyInit__core, which asks first whether it may be.
PYBIND11_MODULE(makemore_core, module) {
  module.doc() = "The compiled core of makemore_fast; private, use the package instead.";
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const makemore::Error& error) {
      py::set_error(PyExc_ValueError, error.what());
    } catch (const makemore::WrongType& error) {
      py::set_error(PyExc_TypeError, error.what());
    } catch (const makemore::EndOfFile& error) {
      py::set_error(PyExc_EOFError, error.what());
    } catch (const makemore::FileError& error) {
#ifdef _WIN32
      if (error.code().category() == std::system_category()) {
        PyErr_SetExcFromWindowsErrWithFilename(PyExc_OSError, error.code().value(),
                                               error.path.c_str());
        return;
      }
#endif
      errno = error.code().value();
      PyErr_SetFromErrnoWithFilename(PyExc_OSError, error.path.c_str());
    } catch (const std::system_error& error) {
#ifdef _WIN32
      if (error.code().category() == std::system_category()) {  // no errno, but the system's own
        PyErr_SetFromWindowsErr(error.code().value());
        return;
      }
#endif
      errno = error.code().value();
      PyErr_SetFromErrno(PyExc_OSError);
    } catch (const std::length_error&) {  // more than any memory holds
      PyErr_NoMemory();
    } catch (const std::runtime_error& error) {
      // pybind11's own, where Python has no memory for an object: "Could not allocate list object!"
      if (std::string_view(error.what()).find("Could not allocate") == std::string_view::npos)
        throw;
      PyErr_NoMemory();
    }
  });
  makemore::register_build_info(module);
  makemore::register_tokens(module);
  makemore::register_corpus(module);
  makemore::register_counts(module);
  makemore::register_counting(module);
  makemore::register_sampling(module);
  makemore::register_language_model(module);
  makemore::register_model(module);
  makemore::register_ngrams(module);
  makemore::register_tables(module);
  makemore::register_interpolation(module);
  makemore::register_mixture(module);
  makemore::register_arpa(module);
  makemore::register_examples(module);
  makemore::register_torch(module);
}

// What Python calls: pybind11 would wait for ever for the GIL of a sub-interpreter before 3.12.
extern "C" PYBIND11_EXPORT PyObject* PyInit__core();
extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (PY_VERSION_HEX < 0x030C0000 && PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(PyExc_ImportError,
                    "makemore_fast works in the main interpreter alone, this is a sub-interpreter");
    return nullptr;
  }
  return PyInit_makemore_core();
}
