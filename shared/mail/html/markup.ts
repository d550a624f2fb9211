import type { Styles } from './styles.ts';

/** HTML with places. A place stands where a text or a value of an attribute goes. */
export interface Markup<Place extends string> {
  readonly html: string;
  /** The places that each mail fills. Only for the compiler. */
  readonly places?: Place;
}

/** Between these stands the name of a place: `{{title}}`. */
export const PLACE_START = '{{';
export const PLACE_END = '}}';

const toPlace = (name: string) => `${PLACE_START}${name}${PLACE_END}`;

/** Renders a component, which puts each place where its text goes. */
export function createMarkup<Place extends string = never>(
  render: (at: (place: Place) => string) => { toString(): unknown },
): Markup<Place> {
  return { html: String(render(toPlace)) };
}

/** The prefix of the places of inline styles. */
export const STYLE = 'style.';

/** A place for each inline style, because the operator chooses the colours. */
export const styles = /* @__PURE__ */ new Proxy({} as Styles, {
  get: (_, name) => toPlace(`${STYLE}${String(name)}`),
});

/** The place of the style sheet. */
export const STYLE_SHEET = toPlace(`${STYLE}sheet`);
