import { ActionIcon, Menu, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCircle, IconUsers } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { keys } from "../../api/queries";
import { doneBySomebody, signInApi } from "../../api/sign-in";
import { useUser } from "../session/session-gate";
import classes from "./user-menu.module.css";

/** Toggle between the dark and the light theme. */
export function useThemeSwitch(): { isDark: boolean; toggle: () => void } {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("dark") === "dark";
  return { isDark, toggle: () => setColorScheme(isDark ? "light" : "dark") };
}

export function UserMenu({ onHelp }: { onHelp?: () => void }) {
  const user = useUser();
  const queryClient = useQueryClient();
  const { isDark, toggle } = useThemeSwitch();

  const signOut = async () => {
    await doneBySomebody(signInApi.DELETE("/api/auth/browser/v1/auth/session", {}));
    queryClient.clear();
    await queryClient.invalidateQueries({ queryKey: keys.session });
    window.location.assign("/");
  };

  return (
    <Menu width={200}>
      <Menu.Target>
        <ActionIcon size="lg" radius="xl" aria-label="Your menu" data-testid="user-menu">
          <span className={classes.avatar}>{user.username.slice(0, 1).toUpperCase()}</span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" truncate>
            Signed in as {user.username}
          </Text>
        </Menu.Label>
        <Menu.Item
          leftSection={isDark ? <IconSun size={15} /> : <IconMoon size={15} />}
          onClick={toggle}
          closeMenuOnClick={false}
          data-testid="theme-switch"
        >
          {isDark ? "Light theme" : "Dark theme"}
        </Menu.Item>
        <Menu.Item
          component={Link}
          href="/account"
          leftSection={<IconUserCircle size={15} />}
          data-testid="open-account"
        >
          Your account
        </Menu.Item>
        {user.is_staff && (
          <Menu.Item
            component={Link}
            href="/people"
            leftSection={<IconUsers size={15} />}
            data-testid="open-people"
          >
            People
          </Menu.Item>
        )}
        {onHelp && (
          <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={onHelp}>
            Keys and gestures
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={15} />}
          onClick={() => void signOut()}
          data-testid="sign-out"
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
