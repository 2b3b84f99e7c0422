/** The bundler takes care of style sheets. */
declare module "*.css";
