import type { Styles } from './styles.ts';

/** HTML with slots. A slot is filled with a text or the value of an attribute. */
export interface Markup<Slot extends string> {
  readonly html: string;
  /** The slots that each mail fills. Only for the compiler. */
  readonly slots?: Slot;
}

/** The name of a slot is between these: `{{title}}`. */
export const SLOT_START = '{{';
export const SLOT_END = '}}';

const toSlot = (name: string) => `${SLOT_START}${name}${SLOT_END}`;

/** Renders a component, which puts each slot where its text goes. */
export function createMarkup<Slot extends string = never>(
  render: (at: (slot: Slot) => string) => { toString(): unknown },
): Markup<Slot> {
  return { html: String(render(toSlot)) };
}

/** The prefix of the slots of inline styles. */
export const STYLE = 'style.';

/** A slot for each inline style, because the operator chooses the colours. */
export const styles = /* @__PURE__ */ new Proxy({} as Styles, {
  get: (_, name) => toSlot(`${STYLE}${String(name)}`),
});

/** The slot of the style sheet. */
export const STYLE_SHEET = toSlot(`${STYLE}sheet`);
