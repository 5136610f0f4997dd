module.exports = require("typescript-of-tslab");
