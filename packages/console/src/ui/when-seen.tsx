import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Shows something once its place comes into view: what it needs is not loaded before. */
export function WhenSeen({ children }: { readonly children: ReactNode }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (!current || seen) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [seen]);
  return (
    <div ref={place} className="when-seen">
      {seen ? children : null}
    </div>
  );
}
