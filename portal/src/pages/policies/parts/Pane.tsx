import { useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { EditRegular, PlayRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import type { PolicyKind, PolicyObject } from '@api/policies';
import { t, type MessageKey } from '@i18n/t';
import { JsonTree } from '@ui/JsonTree';
import { PaneTop } from '@ui/PaneTop';
import { SidePane } from '@ui/SidePane';
import { tokens } from '@ui/theme';
import { titleOf } from '../search';
import { AssignDialog } from './AssignDialog';
import { Decide } from './Decide';
import { Standing } from './Standing';
import { TryOn } from './TryOn';

const useStyles = makeStyles({
  text: { marginBottom: '10px' },
  acts: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginBottom: '12px' },
  id: { margin: '14px 0 12px', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
});

/** One of the rules: how it stands, what may be done with it, and the whole of it. */
export function Pane({ one, kind, onStep, onDismiss }: { one: PolicyObject; kind: PolicyKind; onStep: (by: number) => void; onDismiss: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [assigning, setAssigning] = useState(false);
  const assignable = kind === 'definitions' || kind === 'initiatives';
  return (
    <SidePane label={titleOf(one)}>
      <PaneTop kind={t(`policies.one.${kind}` as MessageKey)} title={titleOf(one)} onStep={onStep} onDismiss={onDismiss} />
      {one.properties.description && <p className={styles.text}>{one.properties.description}</p>}
      {kind === 'definitions' && <Standing one={one} />}
      <div className={styles.acts}>
        {assignable && (
          <Button size="small" icon={<PlayRegular />} onClick={() => setAssigning(true)}>
            {t('assign.dots')}
          </Button>
        )}
        {kind === 'definitions' && (
          <Button size="small" icon={<EditRegular />} onClick={() => void navigate({ to: '/policies', search: { edit: one.id } })}>
            {t('definition.edit')}
          </Button>
        )}
        {kind === 'assignments' && <Decide one={one} />}
      </div>
      {kind === 'definitions' && <TryOn what={{ policyDefinitionId: one.id }} />}
      {assigning && <AssignDialog one={one} onClose={() => setAssigning(false)} />}
      <p className={styles.id}>{one.id}</p>
      <JsonTree value={one.properties} label={titleOf(one)} />
    </SidePane>
  );
}
