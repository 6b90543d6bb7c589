import { Breadcrumb, BreadcrumbDivider, BreadcrumbItem, Button, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular, LinkRegular, PersonAddRegular } from '@fluentui/react-icons';
import type { Incident } from '@api/types';
import { useSession } from '@app/hooks';
import { useNotify } from '@app/Notify';
import type { IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { LiveMark } from '@ui/LiveMark';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  head: { padding: '8px 24px 6px' },
  crumbs: { display: 'flex', alignItems: 'center', gap: '12px' },
  row: { display: 'flex', alignItems: 'flex-start', gap: '16px' },
  title: {
    flexGrow: 1,
    minWidth: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  bar: { display: 'flex', gap: tokens.spacingHorizontalS, flexShrink: 0 },
});

interface HeadProps {
  incident: Incident;
  actions: IncidentActions;
  onMove: (how: 'merge' | 'split') => void;
  onClose: () => void;
}

export function Head({ incident, actions, onMove, onClose }: HeadProps) {
  const styles = useStyles();
  const { user } = useSession();
  const { notify } = useNotify();
  const p = incident.properties;
  const mine = p.owner?.objectId === user.id;
  const reopen = () =>
    void actions.change(incident, { status: 'Active' }, t('incident.reopened', { n: p.incidentNumber }));
  const copy = () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') }));
  return (
    <div className={styles.head}>
      <div className={styles.crumbs}>
        <Breadcrumb size="small" aria-label={t('breadcrumb')}>
          <BreadcrumbItem>
            <TextLink to="/incidents">{t('nav.incidents')}</TextLink>
          </BreadcrumbItem>
          <BreadcrumbDivider />
          <BreadcrumbItem>{p.incidentNumber}</BreadcrumbItem>
        </Breadcrumb>
        <LiveMark />
      </div>
      <div className={styles.row}>
        <h1 className={styles.title}>{p.title}</h1>
        <div className={styles.bar}>
          <Button icon={<LinkRegular />} appearance="subtle" onClick={copy} title={`${t('keys.copyLink')} (y)`}>
            {t('action.copyLink')}
          </Button>
          {p.status !== 'Closed' && !mine && (
            <Button icon={<PersonAddRegular />} onClick={() => void actions.take(incident)} title={`${t('keys.take')} (m)`}>
              {t('action.take')}
            </Button>
          )}
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <MenuButton>{t('incident.move')}</MenuButton>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem onClick={() => onMove('merge')}>{t('merge.menu')}</MenuItem>
                <MenuItem disabled={(p.additionalData?.alertsCount ?? 0) < 2} onClick={() => onMove('split')}>
                  {t('split.menu')}
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
          {p.status === 'Closed' ? (
            <Button onClick={reopen}>{t('action.reopen')}</Button>
          ) : (
            <Button appearance="primary" icon={<CheckmarkRegular />} onClick={onClose} title={`${t('keys.close')} (c)`}>
              {t('action.closeDots')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
