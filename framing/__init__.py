"""framing: hedging, sourcing and anonymity of attribution in news."""
