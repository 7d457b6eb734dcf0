import { Alert, Code, Text } from "@mantine/core";

/** Why a source cannot be used on this site, and which setting of its operator changes that. */
export function NotAllowedNote({ what, setting }: { what: string; setting: string }) {
  return (
    <Alert color="gray" variant="light" title={`${what} are not open to imports on this site`}>
      <Text size="sm">
        Whoever runs the site lists them in the setting <Code>{setting}</Code>.
      </Text>
    </Alert>
  );
}
