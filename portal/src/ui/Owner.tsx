import { makeStyles, mergeClasses } from '@fluentui/react-components';
import type { IncidentOwner } from '@api/types';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  avatar: {
    // Letters as an ornament: text would make what is seen differ from what a control is called.
    '::before': { content: 'attr(data-initials)' },
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flexShrink: 0,
    width: '24px',
    height: '24px',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground5,
    color: tokens.colorNeutralForeground1,
    fontSize: '10px',
    fontWeight: tokens.fontWeightSemibold,
  },
  none: { color: tokens.colorNeutralForeground3 },
  selected: { color: 'inherit' },
  named: { display: 'inline-flex', verticalAlign: 'bottom', maxWidth: '100%', alignItems: 'center', gap: tokens.spacingHorizontalSNudge, minWidth: 0 },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export function ownerName(owner: IncidentOwner | null | undefined): string | null {
  return owner?.assignedTo || owner?.userPrincipalName || owner?.email || null;
}

/** Two letters: of two words their first, of one word its first two. */
export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const [first = '?', second] = words;
  return (second ? `${first[0] ?? ''}${second[0] ?? ''}` : first.slice(0, 2)).toUpperCase();
}

export function OwnerMark({ owner, word = false }: { owner: IncidentOwner | null | undefined; word?: boolean }) {
  const styles = useStyles();
  const name = ownerName(owner);
  if (!name) {
    return word ? (
      <span className={styles.none}>{t('owner.none')}</span>
    ) : (
      <span title={t('owner.none')}>
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{t('owner.none')}</span>
      </span>
    );
  }
  return (
    <span className={styles.named} title={name}>
      <span className={styles.avatar} aria-hidden="true" data-initials={initials(name)} />
      <span className={mergeClasses(word ? styles.name : 'visually-hidden')}>{name}</span>
    </span>
  );
}
