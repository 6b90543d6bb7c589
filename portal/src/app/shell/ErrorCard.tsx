import { Component, type ReactNode } from 'react';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';

/** A card that fails says so alone; the rest of the page stays. */
export class ErrorCard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failure title={t('failure.card')} error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
