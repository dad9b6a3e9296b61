// A panel that breaks says so, and the others go on.

import { Component } from "../vendor/preact.js";
import { html } from "../html.js";

export class Guarded extends Component {
  componentDidCatch(error) {
    this.setState({ error });
  }

  render({ what, children }) {
    const { error } = this.state;
    if (!error) return children;
    return html`<section class="broken" role="alert" aria-label=${what}><p>The ${what} cannot show this call: ${error.message}. Please report it.</p></section>`;
  }
}
