// A page that thanks for an order, in React. The order's number comes with the address, the collector's address with the build.
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Survey } from 'afterword-survey/react';

declare global {
  interface Window {
    /** How often the page was mounted: twice where React, in development, tries what mounting leaves behind. */
    mounts?: number;
  }
}

function Thanks() {
  const [order, setOrder] = useState(new URLSearchParams(location.search).get('order'));
  useEffect(() => {
    window.mounts = (window.mounts ?? 0) + 1;
  }, []);
  return (
    <main>
      <h1>Thank you for your order {order}</h1>
      {order && (
        <Survey key={order} src="/afterword/afterword.js" data-endpoint={import.meta.env.VITE_ENDPOINT} data-report="all"
          data-touchpoint="order" data-order-id={order} />
      )}
      <button id="next" onClick={() => setOrder(`${order}-next`)}>Order again</button>
      <button id="leave" onClick={() => setOrder(null)}>Back to the shop</button>
    </main>
  );
}

createRoot(document.querySelector('#page')!).render(<StrictMode><Thanks /></StrictMode>);
