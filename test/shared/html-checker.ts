import {
  type ConfigData,
  type HtmlElement,
  HtmlValidate,
  Parser,
  type ResolvedConfig,
  StaticConfigLoader,
} from 'html-validate';

/** Looks at HTML as a validator and a parser from outside do. */
export interface HtmlChecker {
  /** What is invalid, or hard to use without eyes or hands: `rule: message`. */
  findMistakes(html: string): Promise<readonly string[]>;
  /** The elements that a selector finds, in the order of the text. */
  find(html: string, selector: string): Promise<readonly HtmlElement[]>;
}

/** The library works its configuration out again for every text, which takes many times as long as to read the text. */
class LoadedOnce extends StaticConfigLoader {
  #config?: ResolvedConfig | Promise<ResolvedConfig>;

  override getConfigFor(handle: string): ResolvedConfig | Promise<ResolvedConfig> {
    this.#config ??= super.getConfigFor(handle);
    return this.#config;
  }
}

/** A checker with some rules of html-validate. */
export function createHtmlChecker(rules: ConfigData['rules']): HtmlChecker {
  const validator = new HtmlValidate(
    new LoadedOnce({
      extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
      ...(rules && { rules }),
    }),
  );
  return {
    async findMistakes(html) {
      const { results } = await validator.validateString(html);
      return results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      );
    },
    async find(html, selector) {
      const parser = new Parser(await validator.getConfigFor('page.html'));
      return parser.parseHtml(html).querySelectorAll(selector);
    },
  };
}
