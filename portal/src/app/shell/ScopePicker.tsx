import { useState } from 'react';
import { Button, Input, Popover, PopoverSurface, PopoverTrigger, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, LayerRegular } from '@fluentui/react-icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { usePlaces } from '../hooks';
import { findScope, scopeTree, type ScopeNode } from './scopes';

const useStyles = makeStyles({
  button: {
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
    minWidth: 0,
    padding: '5px 8px', columnGap: '5px',
    '@media (max-width: 900px)': { display: 'none' },
  },
  surface: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, width: '300px', padding: '12px' },
  item: { width: '100%', justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular },
});

/** The tree tenant, subscriptions, resource groups, with type-ahead; the address keeps the choice as `s`. */
export function ScopePicker() {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const { s } = useSearch({ strict: false });
  const nodes = scopeTree(usePlaces());
  const chosen = findScope(nodes, s);
  const shown = nodes.filter((node) => node.name.toLowerCase().includes(text.toLowerCase()));
  const choose = (node: ScopeNode) => {
    setOpen(false);
    setText('');
    void navigate({ to: '.', search: (old: object) => ({ ...old, s: node.depth === 0 ? undefined : node.id }) });
  };
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} trapFocus positioning="below-end">
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" className={styles.button} icon={<LayerRegular />}>
          {chosen && chosen.depth > 0 ? chosen.name : t('scope.all')} <ChevronDownRegular aria-hidden="true" fontSize={12} />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={t('scope.label')}>
        <Input size="small" placeholder={t('scope.find')} aria-label={t('scope.find')} value={text} onChange={(_, data) => setText(data.value)} />
        <div role="tree" aria-label={t('scope.label')}>
          {shown.map((node) => (
            <div key={node.id} role="treeitem" aria-level={node.depth + 1} aria-selected={node.id === chosen?.id}>
              <Button
                appearance={node.id === chosen?.id ? 'secondary' : 'subtle'}
                size="small"
                className={styles.item}
                style={{ paddingLeft: 8 + node.depth * 16 }}
                onClick={() => choose(node)}
              >
                {node.name}
              </Button>
            </div>
          ))}
        </div>
      </PopoverSurface>
    </Popover>
  );
}
