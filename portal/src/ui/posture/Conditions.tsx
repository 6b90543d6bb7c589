import { makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular, DismissRegular } from '@fluentui/react-icons';
import type { Condition, Explanation } from '@api/policies';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  root: { display: 'grid', gap: '6px', fontSize: tokens.fontSizeBase200 },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  inner: { marginLeft: '7px', paddingLeft: '14px', borderLeft: `1px solid ${tokens.colorNeutralStroke2}` },
  line: { display: 'grid', gridTemplateColumns: '16px minmax(0, 1fr)', columnGap: '6px', padding: '2px 0', alignItems: 'start' },
  icon: { fontSize: '14px', marginTop: '1px', color: tokens.colorNeutralForeground2 },
  code: { fontFamily: tokens.fontMono, overflowWrap: 'anywhere' },
  found: { display: 'block', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

const GROUPS = new Set(['allOf', 'anyOf', 'not']);
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function what(one: Condition): string {
  const about = one.field ?? one.foundFrom ?? one.name ?? '';
  return one.kind === 'count' ? t('why.count', { about }) : about;
}

/** What stands there in truth; many elements are told by how many hold. */
function foundOf(one: Condition): string {
  if (one.kind === 'count') return t('why.counted', { found: text(one.found ?? 0), of: one.of ?? 0 });
  if (one.elements) return t('why.elements', { n: one.elements.filter((each) => each.holds).length, of: one.of ?? one.elements.length });
  return one.found === undefined ? t('why.nothing') : t('why.found', { value: text(one.found) });
}

function Mark({ holds }: { holds: boolean }) {
  const styles = useStyles();
  const Icon = holds ? CheckmarkRegular : DismissRegular;
  return (
    <span className={styles.icon} title={t(holds ? 'why.holds' : 'why.holdsNot')}>
      <Icon aria-hidden="true" />
      <span className="visually-hidden">{t(holds ? 'why.holds' : 'why.holdsNot')}</span>
    </span>
  );
}

function Leaf({ one }: { one: Condition }) {
  const styles = useStyles();
  return (
    <span>
      <span className={styles.code} title={one.path}>
        {what(one)} {one.operator} {text(one.wanted)}
      </span>
      <span className={styles.found}>{foundOf(one)}</span>
      {one.members?.map((each, index) => each.condition && <Node key={index} one={each.condition} />)}
    </span>
  );
}

function Node({ one }: { one: Condition }) {
  const styles = useStyles();
  if (!GROUPS.has(one.kind)) {
    return (
      <div className={styles.line}>
        <Mark holds={one.holds} />
        <Leaf one={one} />
      </div>
    );
  }
  return (
    <>
      <div className={styles.line}>
        <Mark holds={one.holds} />
        <span>{t(`why.${one.kind}` as MessageKey)}</span>
      </div>
      <ul className={`${styles.list} ${styles.inner}`}>
        {one.conditions?.map((each, index) => (
          <li key={index}>
            <Node one={each} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** The whole rule as it was judged: each condition, whether it holds, and what stood there. */
export function Conditions({ one }: { one: Explanation }) {
  const styles = useStyles();
  const missing = one.needs?.filter((each) => !each.there) ?? [];
  return (
    <div className={styles.root}>
      {missing.map((each) => (
        <span key={each.path}>{t('why.needs', { path: each.path })}</span>
      ))}
      {one.appliesIf && (
        <section aria-label={t('why.appliesIf')}>
          <strong>{t('why.appliesIf')}</strong>
          <Node one={one.appliesIf.condition} />
        </section>
      )}
      <div>
        <Node one={one.condition} />
      </div>
      {one.related && (
        <section aria-label={t('why.related', { type: one.related.type })}>
          <strong>{t('why.related', { type: one.related.type })}</strong>
          {one.related.resources.length === 0 && <span className={styles.found}>{t('why.noRelated')}</span>}
          {one.related.resources.map((each) => (
            <div key={each.id}>
              <div className={styles.line}>
                <Mark holds={each.holds} />
                <span className={styles.code}>{each.id}</span>
              </div>
              {each.condition && (
                <div className={styles.inner}>
                  <Node one={each.condition} />
                </div>
              )}
            </div>
          ))}
        </section>
      )}
      <span>{one.matched ? t('why.matched', { effect: one.effect ?? '' }) : t('why.unmatched')}</span>
    </div>
  );
}
