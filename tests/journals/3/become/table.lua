-- No flow.
return {}
