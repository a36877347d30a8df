<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
	<xsl:import href="../table.xsl"/>
	<xsl:import href="../chart.xsl"/>

	<xsl:template name="figures">
		<xsl:call-template name="bars">
			<xsl:with-param name="rows" select="*[last()]/*"/>
			<xsl:with-param name="label" select="'escalation_id'"/>
			<xsl:with-param name="value" select="'reached'"/>
			<xsl:with-param name="title" select="'Minutes from opening until the team was reached, by escalation'"/>
		</xsl:call-template>
	</xsl:template>
</xsl:stylesheet>
