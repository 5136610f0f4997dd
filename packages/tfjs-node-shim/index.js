// danfojs-node computes with @tensorflow/tfjs-node, whose install downloads a C++ library. These are the parts of
// TensorFlow.js that danfojs-node uses, in plain JavaScript. @tensorflow/tfjs would do as well but weighs 230 MB more;
// it alone gives tensors all their methods, so those that danfojs-node calls are set here. Without it there are no gradients.

const core = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");
const data = require("@tensorflow/tfjs-data");

const METHODS =
  "add sub mul div divNoNan pow mod sqrt equal notEqual greater greaterEqual less lessEqual " +
  "mean min max argMin argMax transpose";

for (const name of METHODS.split(" ")) {
  core.Tensor.prototype[name] = function (...rest) {
    return core[name](this, ...rest);
  };
}

// its advice at first use is to install the package that this one stands for
core.backend().firstUse = false;

module.exports = { ...core, data };
