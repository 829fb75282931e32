// SPDX-License-Identifier: Apache-2.0
// What a command looks like in a shell, in Kubernetes and in Slurm. Names are quoted for the place they stand in, so that
// none of them can add a command. Held by launch_test.cpp.
#include "launch/manifests.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "energylens/io/json.hpp"

namespace energylens::launch {
namespace {

bool is_plain(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,";
  return !word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos;
}

std::string shell_word(const std::string& word) {
  return is_plain(word) ? word : shell_quoted(word);
}

/// One flag a line.
std::string shell_command(const Command& command, std::string_view before) {
  std::string text(before);
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    text += i == 0 ? "" : " \\\n    ";
    for (std::size_t j = 0; j < command.words[i].size(); ++j)
      text += (j == 0 ? "" : " ") + shell_word(command.words[i][j]);
  }
  return text;
}

/// "" if none is set.
std::string power_command(const Deployment& deployment) {
  if (!known(deployment.power_limit_w)) return {};
  const std::string watts = number_text(deployment.power_limit_w);
  if (deployment.gpu_vendor == "NVIDIA") return "sudo nvidia-smi --power-limit=" + watts;
  if (deployment.gpu_vendor == "AMD") return "sudo amd-smi set --power-cap " + watts;
  if (deployment.gpu_vendor == "Intel")
    return "# on each GPU N: sudo xpu-smi config -d N --powerlimit " + watts;
  return "# set a power limit of " + watts + " W on each GPU";
}

std::string comment_lines(const Command& command) {
  std::string text;
  for (const std::string& comment : command.comments) text += "# " + comment + '\n';
  return text;
}

std::string settings_file(const Command& command) {
  return command.file.empty() ? "" : "cat > " + command.file_name + " <<'END'\n" + command.file + "END\n";
}

/// What Kubernetes accepts as the name of a resource.
std::string resource_name(const std::string& model) {
  std::string name;
  for (const char c : lower_case(model.substr(model.find_last_of('/') + 1)))
    name += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
  constexpr std::size_t kMost = 50;
  name = name.substr(0, kMost);
  const std::size_t begin = name.find_first_not_of('-');
  return begin == std::string::npos ? "model" : name.substr(begin, name.find_last_not_of('-') + 1 - begin);
}

std::string quoted(const std::string& text) {
  return io::print_json(io::Json(text));
}

std::string gpu_resource(const std::string& vendor) {
  if (vendor == "AMD") return "amd.com/gpu";
  if (vendor == "Intel") return "gpu.intel.com/xe";
  return "nvidia.com/gpu";
}

}  // namespace

std::string shell_text(const Deployment& deployment, const Command& command) {
  const std::string power = power_command(deployment);
  return comment_lines(command) + (power.empty() ? "" : power + '\n') + settings_file(command) +
         shell_command(command, "") + '\n';
}

std::string kubernetes_text(const Deployment& deployment, const Command& command) {
  const std::string name = resource_name(deployment.model);
  const std::string gpus = std::to_string(gpus_per_replica(deployment.layout));
  const std::string port = std::to_string(command.port);
  std::string text = comment_lines(command);
  if (const std::string power = power_command(deployment); !power.empty())
    text += "# on each node: " + power + '\n';
  if (command.image.empty()) text += "# replace IMAGE by an image of the engine\n";
  if (!command.file.empty()) {
    text += "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  " +
            command.file_name + ": |\n    " + command.file + "---\n";
  }
  text += "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name +
          "\nspec:\n  replicas: " + std::to_string(replicas(deployment.layout)) +
          "\n  selector:\n    matchLabels: {app: " + name +
          "}\n  template:\n    metadata:\n      labels: {app: " + name +
          "}\n    spec:\n      containers:\n        - name: engine\n          image: " +
          (command.image.empty() ? "IMAGE" : command.image) + "\n          command:\n";
  for (const std::vector<std::string>& words : command.words) {
    for (const std::string& word : words) text += "            - " + quoted(word) + '\n';
  }
  for (const char* const word : {"--host", "0.0.0.0", "--port"})
    text += "            - " + quoted(word) + '\n';
  text += "            - " + quoted(port) + "\n          ports:\n            - containerPort: " + port +
          "\n          readinessProbe:\n            httpGet: {path: /health, port: " + port +
          "}\n          resources:\n            limits:\n              " +
          gpu_resource(deployment.gpu_vendor) + ": " + gpus +
          "\n          volumeMounts:\n            - {name: shm, mountPath: /dev/shm}\n";
  if (!command.file.empty())
    text += "            - {name: settings, mountPath: /settings}\n          workingDir: /settings\n";
  text += "      volumes:\n        - name: shm\n          emptyDir: {medium: Memory}\n";
  if (!command.file.empty()) text += "        - name: settings\n          configMap: {name: " + name + "}\n";
  return text + "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: " + name +
         "\nspec:\n  selector: {app: " + name + "}\n  ports:\n    - {port: 80, targetPort: " + port + "}\n";
}

std::string slurm_text(const Deployment& deployment, const Command& command) {
  const int copies = replicas(deployment.layout);
  std::string text = "#!/bin/bash\n#SBATCH --job-name=" + resource_name(deployment.model) +
                     "\n#SBATCH --gpus=" + std::to_string(gpus_per_replica(deployment.layout)) +
                     "\n#SBATCH --nodes=1\n#SBATCH --ntasks=1\n";
  if (copies > 1) text += "#SBATCH --array=0-" + std::to_string(copies - 1) + "\n";
  text += "set -e\n" + comment_lines(command);
  if (const std::string power = power_command(deployment); !power.empty()) text += power + '\n';
  text += settings_file(command) + shell_command(command, "srun ") + " \\\n    --host 0.0.0.0 --port ";
  const std::string port = std::to_string(command.port);
  return text + (copies > 1 ? "$((" + port + " + SLURM_ARRAY_TASK_ID))" : port) + '\n';
}

}  // namespace energylens::launch
