export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--app-accent)" />
      <rect x="6.5" y="6.5" width="8" height="8" rx="2" fill="#fff" />
      <rect x="18" y="9" width="6" height="6" rx="1.5" fill="#fff" opacity="0.55" />
      <rect x="8" y="18" width="6" height="6" rx="1.5" fill="#fff" opacity="0.55" />
      <rect x="17" y="17.5" width="9" height="9" rx="2" fill="#fff" />
    </svg>
  );
}
