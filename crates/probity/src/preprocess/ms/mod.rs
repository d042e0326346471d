//! preprocess/ms
