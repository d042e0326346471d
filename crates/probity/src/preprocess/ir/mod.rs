//! Verbs that prepare infrared curves: one file each, plain functions of columns.
