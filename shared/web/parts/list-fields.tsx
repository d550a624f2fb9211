import type { FC } from 'hono/jsx';
import {
  allListGroupIds,
  findCategoryOf,
  isListAbout,
  type ListGroup,
  toListGroups,
} from '../../domain/lists/list-groups.ts';
import { type KnownList, type ListId, nameOfList } from '../../domain/lists/lists.ts';
import { MAX_LISTS } from '../../domain/subscribers/subscriber.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toCountText } from '../../presentation/wording.ts';
import { FieldNotes, type FormState, type FormValues, firstOf, toGroupAttributes } from './fields.tsx';
import { readListIds } from './read-form.ts';

/** Up to this many lists are all shown. More are in groups that open, with a field to find them. */
const MAX_UNGROUPED_LISTS = 12;

/** With more lists than this, the page has only those of open groups. It would be too large otherwise. */
const MANY_LISTS = 90;

/** The number of boxes that fit on a page of many lists. The other chosen lists are in a hidden field. */
const MAX_BOXES = 60;

const MAX_NAME_CHARS = 60;
const MAX_WORDS_CHARS = 60;

/** The field with the words to find lists by. */
const FIND = 'find';

/** The words that the shown lists were found by. */
const FOUND = 'found';

/** The groups that the reader has opened. */
const OPEN = 'open';

/** The values of the buttons that find lists, and that open a group. The id of the group follows. */
const FIND_ACTION = 'find';
const OPEN_ACTION = 'open-';

interface ListFieldsProps {
  /** The lists that can be followed. */
  readonly lists: readonly ListId[];
  readonly form: FormState;
}

/**
 * The lists to choose from. A single one is a hidden field. Many are in groups, and the reader can find some by words. The form is then
 * sent by POST, because its email address must not be in a URL.
 */
export const ListFields: FC<ListFieldsProps> = ({ lists, form }) => {
  const chosen = new Set(readListIds(form.values));
  const gone = [...chosen].filter((list) => !lists.includes(list));
  const [only] = lists;
  if (lists.length === 1 && gone.length === 0) return <input type="hidden" name="lists" value={only} />;
  const isFew = lists.length <= MAX_UNGROUPED_LISTS;
  return (
    <fieldset class="lists" {...toGroupAttributes('lists', form)}>
      <legend>Lists</legend>
      <FieldNotes name="lists" form={form} />
      {isFew ? (
        <Boxes lists={toListGroups(lists).flatMap((group) => group.lists)} chosen={chosen} />
      ) : (
        <ManyLists lists={lists} chosen={chosen} values={form.values} />
      )}
      {gone.length > 0 && (
        <div class="boxes">
          {gone.map((list) => (
            <label key={list}>
              <input type="checkbox" name="lists" value={list} checked />
              <span>
                {toReaderText(nameOfList(list), MAX_NAME_CHARS)}{' '}
                <span class="faint">not read here any more</span>
              </span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
};

interface ManyListsProps {
  readonly lists: readonly ListId[];
  readonly chosen: ReadonlySet<ListId>;
  readonly values: FormValues;
}

/** Groups of lists. With words, only the lists that have them, and those that are chosen already. */
const ManyLists: FC<ManyListsProps> = ({ lists, chosen, values }) => {
  const groups = toListGroups(lists);
  const words = readWords(values);
  const found =
    words === '' ? [] : groups.flatMap((group) => group.lists.filter((list) => isListAbout(list, words)));
  const open = readOpen(values);
  const own = lists.filter((list) => chosen.has(list));
  const isOnDemand = lists.length > MANY_LISTS;
  const shown =
    words === ''
      ? findShown(groups, open, chosen, isOnDemand)
      : new Set([...found.map(({ id }) => id).slice(0, MAX_BOXES), ...own].slice(0, MAX_BOXES));
  const hidden = own.filter((list) => !shown.has(list));
  return (
    <>
      <p class="hint">
        {toCountText(own.length, 'list')} of {lists.length} chosen. You can choose up to {MAX_LISTS}.
      </p>
      {/* The Enter key presses the first button of a form, which has to be the one that sends it. */}
      <button class="aside" type="submit" name="action" value="save" tabindex={-1}>
        Send this form
      </button>
      <div class="field">
        <label for={FIND}>Find lists</label>
        <div class="actions">
          <input
            type="search"
            id={FIND}
            name={FIND}
            maxlength={MAX_WORDS_CHARS}
            autocapitalize="off"
            spellcheck={false}
            placeholder="vision, or cs.CV"
            value={words}
          />
          <button type="submit" name="action" value={FIND_ACTION} formaction="#lists" formnovalidate>
            Find
          </button>
        </div>
        <input type="hidden" name={FOUND} value={words} />
        {open.map((id) => (
          <input key={id} type="hidden" name={OPEN} value={id} />
        ))}
      </div>
      {hidden.length > 0 && <input type="hidden" name="lists" value={hidden.join(',')} />}
      {words !== '' && <p role="status">{toFoundText(found.length)}</p>}
      {groups.map((group) => (
        <ListGroupView
          key={group.id}
          group={words === '' ? group : { ...group, lists: group.lists.filter(({ id }) => shown.has(id)) }}
          chosen={chosen}
          isOpen={words !== '' || open.includes(group.id)}
          isShown={group.lists.some(({ id }) => shown.has(id))}
        />
      ))}
    </>
  );
};

/**
 * Returns the lists whose boxes are on a page without words to find them by. The lists in no archive are always on it. Then come the
 * groups that the reader opened, the last one first, and the groups with a chosen list. Groups that do not fit are closed.
 */
function findShown(
  groups: readonly ListGroup[],
  open: readonly string[],
  chosen: ReadonlySet<ListId>,
  isOnDemand: boolean,
): ReadonlySet<ListId> {
  if (!isOnDemand) return new Set(groups.flatMap(({ lists }) => lists.map(({ id }) => id)));
  const wanted = groups
    .filter((group) => isArchive(group) && (open.includes(group.id) || hasChosen(group, chosen)))
    .sort((a, b) => open.indexOf(b.id) - open.indexOf(a.id));
  const fitting: ListGroup[] = [];
  let boxes = 0;
  for (const group of wanted) {
    if (boxes > 0 && boxes + group.lists.length > MAX_BOXES) continue;
    boxes += group.lists.length;
    fitting.push(group);
  }
  const always = groups.filter((group) => !isArchive(group));
  return new Set([...always, ...fitting].flatMap(({ lists }) => lists.map(({ id }) => id)));
}

function hasChosen({ lists }: ListGroup, chosen: ReadonlySet<ListId>): boolean {
  return lists.some(({ id }) => chosen.has(id));
}

/** Whether a group has the categories of an archive, and no lists that are always in sight. */
function isArchive({ lists }: ListGroup): boolean {
  return lists.some((list) => findCategoryOf(list.id) !== undefined);
}

function toFoundText(count: number): string {
  const all = 'To see all lists again, empty the field and press Find.';
  if (count === 0) return `No list has these words. ${all}`;
  const has = `${toCountText(count, 'list')} ${count === 1 ? 'has' : 'have'} these words.`;
  return count > MAX_BOXES
    ? `${has} You see the first ${MAX_BOXES}. Add a word to see fewer. ${all}`
    : `${has} ${all}`;
}

interface ListGroupViewProps {
  readonly group: ListGroup;
  readonly chosen: ReadonlySet<ListId>;
  readonly isOpen: boolean;
  /** Whether its boxes are on the page. */
  readonly isShown: boolean;
}

/** A group that opens. It is open if one of its lists is chosen. The lists without an archive are always in sight. */
const ListGroupView: FC<ListGroupViewProps> = ({ group, chosen, isOpen, isShown }) => {
  const { id, name, lists } = group;
  if (lists.length === 0) return null;
  if (!isArchive(group)) return <Boxes lists={lists} chosen={chosen} />;
  const count = lists.filter((list) => chosen.has(list.id)).length;
  const size = `${toCountText(lists.length, 'list')}${count > 0 ? `, ${count} chosen` : ''}`;
  if (!isShown)
    return (
      <p class="group">
        <button
          class="plain"
          type="submit"
          name="action"
          value={`${OPEN_ACTION}${id}`}
          formaction="#lists"
          formnovalidate
        >
          {name}
        </button>{' '}
        <span class="faint">{size}</span>
      </p>
    );
  return (
    <details open={isOpen || count > 0}>
      <summary>
        {name} <span class="faint">{size}</span>
      </summary>
      <Boxes lists={lists} chosen={chosen} />
    </details>
  );
};

const Boxes: FC<{ lists: readonly KnownList[]; chosen: ReadonlySet<ListId> }> = ({ lists, chosen }) => (
  <div class="boxes">
    {lists.map(({ id, name }) => {
      const category = findCategoryOf(id);
      return (
        <label key={id}>
          <input type="checkbox" name="lists" value={id} checked={chosen.has(id)} />
          {category ? (
            <span>
              {category.name}{' '}
              <span class="faint">{[category.id, category.alias].filter(Boolean).join(', ')}</span>
            </span>
          ) : (
            toReaderText(name, MAX_NAME_CHARS)
          )}
        </label>
      );
    })}
  </div>
);

function readWords(values: FormValues): string {
  return firstOf(values, FIND).trim().slice(0, MAX_WORDS_CHARS);
}

/** Returns the opened groups, in the order in which they were opened. The group whose button was just pressed comes last. */
function readOpen(values: FormValues): readonly string[] {
  const action = firstOf(values, 'action');
  const pressed = action.startsWith(OPEN_ACTION) ? [action.slice(OPEN_ACTION.length)] : [];
  const known = new Set(allListGroupIds);
  const before = (values[OPEN] ?? []).filter((id) => !pressed.includes(id));
  return [...new Set([...before, ...pressed])].filter((id) => known.has(id));
}

/** Returns whether a form was sent to see other lists. It has a button for that, or other words than those that found the shown lists. */
export function isFindingLists(values: FormValues): boolean {
  const action = firstOf(values, 'action');
  if (action === FIND_ACTION || action.startsWith(OPEN_ACTION)) return true;
  const isMain = action === 'save' || action === '';
  return isMain && readWords(values) !== firstOf(values, FOUND).trim();
}

/** The style of {@link ListFields}. */
export const LISTS_STYLE = `
.lists { border-bottom: 1px solid transparent; }
.lists .actions { max-width: 26rem; }
.lists .actions input { flex: 1 1 8rem; min-width: 0; }
.lists .hint { margin-bottom: .75rem; }
.lists .faint { color: var(--faint); font: 400 .875rem/1.3 var(--sans); }
.lists details, .lists .group { margin: 0; border-top: 1px solid var(--line); }
.lists summary, .lists .group button { font-size: 1rem; font-weight: 600; text-decoration: none; }
.lists .group button { text-align: left; }
.lists .group button::before { content: '▶' / ''; margin-right: .45rem; font-size: .7em; vertical-align: .1em; }
.lists details[open] { max-width: none; padding: 0; border-left: 0; }
.boxes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 0 1.5rem; }
.boxes label { display: flex; gap: .6rem; align-items: center; min-height: 2.75rem; font-weight: 400; line-height: 1.3; overflow-wrap: anywhere; }
.boxes input { flex: none; margin: 0; width: 1.25rem; height: 1.25rem; min-height: 0; accent-color: var(--accent); }
details .boxes { padding-bottom: .75rem; }
`;
