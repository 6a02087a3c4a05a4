// The part of Express 4 that is used here is typed like that of Express 5.
declare module "express4" {
  import express = require("express");
  export = express;
}
