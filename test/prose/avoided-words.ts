/** A word or phrase that the documents do not use, and what to write instead. */
export interface AvoidedWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

const word = (source: string, instead: string): AvoidedWord => ({
  pattern: new RegExp(`\\b(?:${source})\\b`, 'i'),
  instead,
});

/** Words of a bookish or coined style. Each has an ordinary one. */
const bookish: readonly AvoidedWord[] = [
  word('behind (?!a (?:proxy|CDN)|CloudFront|API Gateway)', '"after", or say what is where'),
  word('tells?|told', '"says", "reports" or "shows"'),
  word('whom|whoever|whosoever', '"who", or name the person'),
  word('thereof|hereby|therein|wherein|whereby|thereby', 'a second sentence'),
  word('be it', '"whether"'),
  word('at once', '"immediately" or "at the same time"'),
  word('stands? (?:for|in|at|there|under|beside|among)', '"is" or "means"'),
  word('brings?|brought', '"returns", "adds" or "causes"'),
  word('gives? way', '"yields" or "waits"'),
  word('of which', 'a second sentence'),
  word('for it is|for they are|for there is', '"because"'),
  word('(?:is|are|be|by|in|on|from|to|them|it|ones?) alone', '"only"'),
  word('wish(?:es)?', '"request"'),
  word('in hand', '"in flight"'),
  word('in doubt', '"with an unknown send status"'),
  word('to come true|lives? through|come(?:s)? to (?:its|an|their) end', '"finishes"'),
  word('mends?|mended', '"fix"'),
  word('anew', '"again"'),
];

/** Words that claim something without saying how much, or that add nothing. */
const vague: readonly AvoidedWord[] = [
  word(
    'very|really|quite|rather|fairly|extremely|remarkably|exceedingly|surprisingly|interestingly|largely|substantially|significantly|relatively|various|a number of|a lot of|virtually',
    'a figure, or nothing',
  ),
  word(
    'basically|essentially|actually|obviously|clearly|simply|of course|needless to say|in order to',
    'nothing',
  ),
  word(
    'arguably|presumably|supposedly|somewhat|somehow|hopefully|perhaps|maybe',
    'what is so, or what may happen when',
  ),
  word('seamless(?:ly)?|robust(?:ly)?|blazing|powerful|world-class|cutting-edge|easy to use', 'what it does'),
  word(
    'utili[sz]e[sd]?|leverag(?:e[sd]?|ing)|facilitat(?:e[sd]?|ing)|prior to|in the event of|due to the fact that',
    'the short word',
  ),
];

export const avoidedWords: readonly AvoidedWord[] = [...bookish, ...vague];
