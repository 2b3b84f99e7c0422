"""The real edge: Asterisk over ARI, AMI and AGI, and the audio it plays."""
