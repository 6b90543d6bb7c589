import { makeStyles } from '@fluentui/react-components';
import {
  AppGenericRegular,
  CloudRegular,
  DesktopRegular,
  DocumentRegular,
  GlobeRegular,
  KeyRegular,
  LinkRegular,
  MailRegular,
  PersonRegular,
  WindowConsoleRegular,
  type FluentIcon,
} from '@fluentui/react-icons';
import type { Entity as EntityShape } from '@api/types';
import { t, type MessageKey } from '@i18n/t';
import { entityName } from './entities';
import { tokens } from './theme';

const ICONS: Record<string, FluentIcon> = {
  Host: DesktopRegular,
  Account: PersonRegular,
  Ip: GlobeRegular,
  DnsResolution: GlobeRegular,
  File: DocumentRegular,
  FileHash: DocumentRegular,
  Process: WindowConsoleRegular,
  AzureResource: CloudRegular,
  CloudApplication: CloudRegular,
  MailMessage: MailRegular,
  Mailbox: MailRegular,
  Url: LinkRegular,
  RegistryKey: KeyRegular,
  RegistryValue: KeyRegular,
  SecurityGroup: PersonRegular,
};

const useStyles = makeStyles({
  chip: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    maxWidth: '100%',
    height: '22px',
    padding: '0 7px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  icon: { fontSize: '14px', flexShrink: 0, color: tokens.colorNeutralForeground2 },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export function EntityIcon({ kind, className }: { kind: string; className?: string }) {
  const Icon = ICONS[kind] ?? AppGenericRegular;
  return <Icon className={className} aria-hidden="true" />;
}

const KNOWN = new Set([...Object.keys(ICONS), 'Malware', 'SecurityAlert']);

export function kindWord(kind: string): string {
  return KNOWN.has(kind) ? t(`entity.${kind}` as MessageKey) : kind;
}

export function EntityChip({ entity }: { entity: EntityShape }) {
  const styles = useStyles();
  const name = entityName(entity);
  return (
    <span className={styles.chip} title={`${kindWord(entity.kind)}: ${name}`}>
      <EntityIcon kind={entity.kind} className={styles.icon} />
      <span className="visually-hidden">{kindWord(entity.kind)}</span>
      <span className={styles.name}>{name}</span>
    </span>
  );
}
