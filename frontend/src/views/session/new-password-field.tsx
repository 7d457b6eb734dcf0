import { PasswordInput } from "@mantine/core";

interface NewPasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Whose it is, for browsers that keep passwords; left out where the form has a field for the name. */
  username?: string;
  autoFocus?: boolean;
  testId: string;
}

/** A password that is chosen here. */
export function NewPasswordField({ username, onChange, testId, ...input }: NewPasswordFieldProps) {
  return (
    <>
      {username !== undefined && (
        <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
      )}
      <PasswordInput
        {...input}
        description="At least 10 characters"
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
        required
        withAsterisk={false}
        data-testid={testId}
      />
    </>
  );
}
