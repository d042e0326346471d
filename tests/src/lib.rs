//! What the end-to-end tests share: where fixtures and the data folder are, and golden files.
