// What everybody who sees the plan has.

import "./tools.js";
import "./parts.js";
import "./pointer.js";
import "./keys.js";
import "./findings.js";
import "./views.js";
import "./table.js";
import "./selection.js";
import "./coverage.js";
