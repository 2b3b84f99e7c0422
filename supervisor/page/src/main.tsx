/** Where it begins. */

import { render } from "preact";
import { App } from "./app.tsx";
import { listenToKeys } from "./parts/keys.tsx";
import { begin } from "./state.ts";
import "./style/main.css";

const root = document.getElementById("root");
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
  listenToKeys();
  void begin();
}
