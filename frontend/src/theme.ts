/** Colours, type and sizes of the whole interface. One accent, neutral greys, dense controls. */
import {
  ActionIcon,
  Badge,
  Button,
  createTheme,
  Loader,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TextInput,
  Tooltip,
} from "@mantine/core";

const ACCENT: MantineColorsTuple = [
  "#eaf2ff",
  "#d3e3ff",
  "#a6c6ff",
  "#79a9fd",
  "#5792fa",
  "#3b7bea",
  "#2f6fe0",
  "#2766d0",
  "#1f57b3",
  "#174691",
];
const DARK: MantineColorsTuple = [
  "#e4e6ea",
  "#c3c7ce",
  "#9aa0aa",
  "#727985",
  "#4b515b",
  "#383d46",
  "#2a2e35",
  "#1e2127",
  "#17191e",
  "#111317",
];
const GRAY: MantineColorsTuple = [
  "#f7f8f9",
  "#eff1f3",
  "#e3e6ea",
  "#d3d7dd",
  "#bcc2cb",
  "#9aa2ad",
  "#757d8a",
  "#555d69",
  "#363c46",
  "#1f242c",
];

/** Background of the map; class colours are adjusted to stand out from it. */
export const MAP_BACKGROUND = { dark: "#131519", light: "#eceef1" } as const;

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: 6,
  autoContrast: true,
  colors: { accent: ACCENT, dark: DARK, gray: GRAY },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: "600" },
  defaultRadius: "sm",
  radius: { xs: "4px", sm: "6px", md: "10px", lg: "14px", xl: "20px" },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: "md" } }),
    Button: Button.extend({ defaultProps: { size: "xs" } }),
    Badge: Badge.extend({
      defaultProps: { variant: "light", radius: "xs", size: "sm", tt: "none", fw: 500 },
    }),
    TextInput: TextInput.extend({ defaultProps: { size: "xs" } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "xs" } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: "xs" } }),
    Select: Select.extend({ defaultProps: { size: "xs", allowDeselect: false } }),
    Switch: Switch.extend({ defaultProps: { size: "xs" } }),
    Loader: Loader.extend({ defaultProps: { size: "sm", type: "oval" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false, fz: "xs" } }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", position: "bottom-end", offset: 6 } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: "md",
        overlayProps: { backgroundOpacity: 0.5 },
        closeButtonProps: { "aria-label": "Close" },
      },
    }),
  },
});
