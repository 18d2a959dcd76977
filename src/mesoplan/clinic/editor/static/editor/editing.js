// What a dermatologist has who may change the draft.

import "./outline.js";
import "./renewal.js";
import "./fields.js";
