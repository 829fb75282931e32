// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <xgboost/c_api.h>

namespace energylens::baseline {

/// Functions of XGBoost's library, by the names of its C interface without their prefix.
struct XGBoost {
  decltype(&XGBGetLastError) last_error = nullptr;
  decltype(&XGDMatrixCreateFromMat_omp) matrix_create = nullptr;
  decltype(&XGDMatrixFree) matrix_free = nullptr;
  decltype(&XGDMatrixSetFloatInfo) matrix_set_floats = nullptr;
  decltype(&XGBoosterCreate) create = nullptr;
  decltype(&XGBoosterFree) free = nullptr;
  decltype(&XGBoosterSetParam) set_parameter = nullptr;
  decltype(&XGBoosterUpdateOneIter) update = nullptr;
  decltype(&XGBoosterBoostOneIter) boost = nullptr;
  decltype(&XGBoosterPredictFromDMatrix) predict = nullptr;
};

/// The library, opened at the first call: it takes longer to load than most commands take to run. Throws Error (io)
/// where it is missing.
const XGBoost& xgboost();

}  // namespace energylens::baseline
