/** The kernel's logo: a curve that rises, on TypeScript's blue. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="12" fill="#3178c6"/>
  <path d="M12 50 C24 48 26 40 32 30 S44 16 53 14" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/>
  <circle cx="32" cy="30" r="5" fill="#fff"/>
</svg>
`;
