// How the page makes elements: htm's templates, bound to Preact.

import { h } from "./vendor/preact.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
