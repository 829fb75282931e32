// SPDX-License-Identifier: Apache-2.0
#include "energylens/model/facts.hpp"
