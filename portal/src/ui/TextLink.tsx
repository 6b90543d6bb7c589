import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { createLink, type LinkComponent } from '@tanstack/react-router';
import { forwardRef, type AnchorHTMLAttributes } from 'react';
import { tokens } from './theme';

const useStyles = makeStyles({
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { textDecorationLine: 'underline' },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
});

const Anchor = forwardRef<HTMLAnchorElement, AnchorHTMLAttributes<HTMLAnchorElement>>(function Anchor(props, ref) {
  const styles = useStyles();
  return <a ref={ref} {...props} className={mergeClasses(styles.link, props.className)} />;
});

const RouterAnchor = createLink(Anchor);

/** A link inside the portal: real address, middle click works. */
export const TextLink: LinkComponent<typeof Anchor> = (props) => <RouterAnchor preload="intent" {...props} />;
