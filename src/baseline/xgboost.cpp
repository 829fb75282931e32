// SPDX-License-Identifier: Apache-2.0
// Held by learners_test.cpp.
#include "baseline/xgboost.hpp"

#include "core/shared_library.hpp"
#include "energylens/core/error.hpp"

namespace energylens::baseline {
namespace {

template <class Function>
void find(const SharedLibrary& library, const char* name, Function*& function) {
  library.find(name, function);
  if (!function) throw Error(ErrorCode::io, {}, std::string("libxgboost has no function ") + name);
}

XGBoost loaded() {
  // Never closed: its threads may outlive all objects of ours.
  static const SharedLibrary& library = *new SharedLibrary("libxgboost.so.0");
  if (!library) {
    throw Error(ErrorCode::io, {},
                "boosted trees need XGBoost; install the package libxgboost0 (Debian): " + library.problem());
  }
  XGBoost out;
  find(library, "XGBGetLastError", out.last_error);
  find(library, "XGDMatrixCreateFromMat_omp", out.matrix_create);
  find(library, "XGDMatrixFree", out.matrix_free);
  find(library, "XGDMatrixSetFloatInfo", out.matrix_set_floats);
  find(library, "XGBoosterCreate", out.create);
  find(library, "XGBoosterFree", out.free);
  find(library, "XGBoosterSetParam", out.set_parameter);
  find(library, "XGBoosterUpdateOneIter", out.update);
  find(library, "XGBoosterBoostOneIter", out.boost);
  find(library, "XGBoosterPredictFromDMatrix", out.predict);
  return out;
}

}  // namespace

const XGBoost& xgboost() {
  static const XGBoost api = loaded();
  return api;
}

}  // namespace energylens::baseline
