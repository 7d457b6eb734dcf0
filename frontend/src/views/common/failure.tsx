import { Alert } from "@mantine/core";
import { messageOf } from "../../api/problem";

/** What went wrong, if anything did. */
export function Failure({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Alert color="red" variant="light" p="xs" role="alert">
      {messageOf(error)}
    </Alert>
  );
}
