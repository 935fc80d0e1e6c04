import { type ThemeConfig, theme } from 'antd';

import { type Shade } from '../settings/theme.js';

/** Class of the element under which the library's variables are defined. */
export const VARIABLES = 'yz';

/** System fonts alone: nothing is loaded, and every office's machine has one of these for Chinese. */
const FONTS =
  "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Zen Hei', sans-serif";

const COMMON = { fontFamily: FONTS, fontSize: 15, borderRadius: 6, wireframe: false } as const;

/** Greys that the library has lighter than WCAG 2 asks for: 4.5 : 1 for text (1.4.3), 3 : 1 for a field's edge (1.4.11). */
const CONTRAST = {
  light: {
    ...{ colorTextSecondary: '#434b57', colorTextTertiary: '#59626f', colorTextQuaternary: '#6b7480' },
    colorBorder: '#868f9b',
  },
  dark: {
    ...{ colorTextSecondary: '#c3cad4', colorTextTertiary: '#aab3bf', colorTextQuaternary: '#949eab' },
    colorBorder: '#727c89',
  },
} as const;

const COLOURS = {
  light: {
    colorPrimary: '#0b4ea2',
    colorInfo: '#0b4ea2',
    colorSuccess: '#0b6b3a',
    colorWarning: '#8a5a00',
    colorError: '#b3201d',
    colorLink: '#0b4ea2',
    colorBgLayout: '#f4f6f9',
    // Made from the strong colours above, the library's own backgrounds would be murky.
    ...{
      colorSuccessBg: '#eef8f2',
      colorSuccessBorder: '#a5d6ba',
      colorErrorBg: '#fdf1f0',
      colorErrorBorder: '#edb4b1',
    },
    ...{ colorWarningBg: '#fff8e6', colorWarningBorder: '#ead08f', colorInfoBg: '#eef4fc', colorInfoBorder: '#b3cdee' },
  },
  dark: {
    colorPrimary: '#3f7fd6',
    // White on the library's own hover colour falls short of the contrast.
    colorPrimaryHover: '#3a74c6',
    colorPrimaryActive: '#2a5fab',
    colorInfo: '#6ea8f5',
    colorSuccess: '#4cc38a',
    colorWarning: '#e0a83a',
    colorError: '#f0736f',
    // The pressed button's, on which dark text stands.
    colorErrorActive: '#c9625e',
    colorLink: '#7db2f7',
    colorBgLayout: '#0f1318',
    colorBgContainer: '#171c23',
    colorBgElevated: '#1d232c',
  },
} as const;

/** What stands on a button that takes something away: white on the dark page's red falls short of the contrast. */
const ON_DANGER = { light: '#fff', dark: COLOURS.dark.colorBgLayout } as const;

/**
 * Colours and fonts of the library's components; the pages' own styles use its variables, `--ant-color-text`.
 * @param motion whether things may move while they appear: some people are made ill by it, and their system says so
 */
export function themeOf(shade: Shade, motion: boolean): ThemeConfig {
  return {
    algorithm: shade === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...COMMON,
      motion,
      ...COLOURS[shade],
      ...CONTRAST[shade],
      colorTextDescription: CONTRAST[shade].colorTextTertiary,
      colorTextPlaceholder: CONTRAST[shade].colorTextQuaternary,
      colorTextDisabled: CONTRAST[shade].colorTextQuaternary,
    },
    components: {
      // The library's own, the primary colour's lighter and darker ones, fall short of the contrast on a dark page.
      Button: {
        defaultHoverColor: COLOURS[shade].colorLink,
        defaultHoverBorderColor: COLOURS[shade].colorLink,
        defaultActiveColor: COLOURS[shade].colorLink,
        defaultActiveBorderColor: COLOURS[shade].colorLink,
        dangerColor: ON_DANGER[shade],
      },
      // A phone has no room for more round a sentence.
      Alert: { withDescriptionPadding: '12px 16px', withDescriptionIconSize: 20 },
    },
    cssVar: { key: VARIABLES },
    hashed: false,
    // The components' styles are a file of the build (vite.config.mjs): making them here took a third of the first load.
    zeroRuntime: true,
  };
}
