// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "campaign/campaign.hpp"

namespace energylens::cli {

/// What a campaign would do: `format` is table or json.
std::string dry_run_text(const campaign::Plan& plan, const std::string& format);

/// How far a campaign has come; `file` holds its rows.
std::string summary_text(const campaign::Summary& summary, const std::string& file,
                         const std::string& format);

}  // namespace energylens::cli
