-- Menus of other platforms, written anew: a number each.

return {
  { to = "+12065550162", script = "asterisk_office" },
  { to = "+12065550163", script = "studio_apartments" },
  default = "freeswitch_menu",
}
