/** The three fields one edits in place: severity, status, owner. No Manage pane, no Save. */
import { useState, type ReactElement, type ReactNode } from 'react';
import {
  Button,
  Input,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
} from '@fluentui/react-components';
import { ChevronDownRegular, PersonRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { peopleQuery } from '@api/people';
import { SEVERITIES, STATUSES, type Incident, type IncidentOwner, type Person } from '@api/types';
import { useSession, useWorkspace } from '@app/hooks';
import { NOBODY, ownerOf, type IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { OwnerMark, ownerName } from '../Owner';
import { Severity, severityWord } from '../Severity';
import { Status, statusWord } from '../Status';
import { tokens } from '../theme';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalSNudge },
  button: { minWidth: 0, height: '28px', padding: '0 8px', gap: tokens.spacingHorizontalSNudge, fontWeight: tokens.fontWeightRegular },
  chevron: { color: tokens.colorNeutralForeground3, fontSize: '12px' },
  find: { padding: '4px 4px 8px' },
});

interface FieldProps {
  incident: Incident;
  actions: IncidentActions;
  onClose: () => void;
}

function FieldButton({ id, label, children }: { id: string; label: string; children: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <MenuTrigger disableButtonEnhancement>
      <Button id={id} size="small" className={styles.button} aria-label={label}>
        {children}
        <ChevronDownRegular className={styles.chevron} aria-hidden="true" />
      </Button>
    </MenuTrigger>
  );
}

export function SeverityField({ incident, actions }: FieldProps) {
  const { severity, incidentNumber } = incident.properties;
  return (
    <Menu checkedValues={{ severity: [severity] }}>
      {FieldButton({ id: 'field-severity', label: t('field.severity', { value: severityWord(severity) }), children: <Severity value={severity} /> })}
      <MenuPopover>
        <MenuList>
          {SEVERITIES.map((value) => (
            <MenuItemRadio
              key={value}
              name="severity"
              value={value}
              onClick={() =>
                value !== severity && void actions.change(incident, { severity: value }, t('incident.severitySet', { n: incidentNumber, value: severityWord(value) }))
              }
            >
              <Severity value={value} />
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** Closing needs a verdict, so "Closed" opens the dialog instead. */
export function StatusField({ incident, actions, onClose }: FieldProps) {
  const { status, incidentNumber } = incident.properties;
  return (
    <Menu checkedValues={{ status: [status] }}>
      {FieldButton({ id: 'field-status', label: t('field.status', { value: statusWord(status) }), children: <Status value={status} /> })}
      <MenuPopover>
        <MenuList>
          {STATUSES.map((value) => (
            <MenuItemRadio
              key={value}
              name="status"
              value={value}
              onClick={() => {
                if (value === 'Closed') onClose();
                else if (value !== status) void actions.change(incident, { status: value }, t('incident.statusSet', { n: incidentNumber, value: statusWord(value) }));
              }}
            >
              <Status value={value} />
              {value === 'Closed' && '…'}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

const MANY = 8;

function ownerFrom(person: Person): IncidentOwner {
  return { objectId: person.id, assignedTo: person.displayName || person.name, email: person.email ?? null, userPrincipalName: person.name };
}

/** The people one can assign to; asked for when the menu opens. */
function PeopleItems({ me, onGive }: { me: string; onGive: (owner: IncidentOwner) => void }) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const people = (useQuery(peopleQuery(useWorkspace())).data ?? []).filter((one) => one.id !== me && one.enabled !== false);
  const shown = people.filter((one) => `${one.name} ${one.displayName ?? ''}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      {people.length > MANY && (
        <div className={styles.find}>
          <Input
            size="small"
            value={text}
            placeholder={t('owner.find')}
            aria-label={t('owner.find')}
            onChange={(_, data) => setText(data.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
        </div>
      )}
      {shown.slice(0, MANY * 2).map((one) => (
        <MenuItem key={one.id} onClick={() => onGive(ownerFrom(one))}>
          {t('owner.give', { name: one.displayName || one.name })}
        </MenuItem>
      ))}
    </>
  );
}

export function OwnerField({ incident, actions }: FieldProps) {
  const session = useSession();
  const n = incident.properties.incidentNumber;
  const give = (owner: IncidentOwner) => {
    const to = ownerName(owner);
    void actions.change(incident, { owner }, to ? t('incident.assigned', { n, to }) : t('incident.unassigned', { n }));
  };
  const current = ownerName(incident.properties.owner);
  const mine = incident.properties.owner?.objectId === session.user.id;
  return (
    <Menu>
      {FieldButton({
        id: 'field-owner',
        label: t('field.owner', { value: current ?? t('owner.none') }),
        children: current ? <OwnerMark owner={incident.properties.owner} word /> : <><PersonRegular fontSize={16} />{t('owner.none')}</>,
      })}
      <MenuPopover>
        <MenuList>
          <MenuItem disabled={mine} onClick={() => give(ownerOf(session))}>
            {t('owner.me', { name: session.user.name })}
          </MenuItem>
          <PeopleItems me={session.user.id} onGive={give} />
          <MenuDivider />
          <MenuItem disabled={!current} onClick={() => give(NOBODY)}>
            {t('owner.nobody')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

export function IncidentFields(props: FieldProps) {
  const styles = useStyles();
  return (
    <div className={styles.bar}>
      <SeverityField {...props} />
      <StatusField {...props} />
      <OwnerField {...props} />
    </div>
  );
}
